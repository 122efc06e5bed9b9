/** Meta's error codes as documented: HTTP status of a refused call, title, and the usual details. */
export interface ErrorCode {
	status: number;
	title: string;
	details: string;
}

const known: Record<number, ErrorCode> = {
	0: { status: 401, title: 'AuthException', details: 'We were unable to authenticate the app user.' },
	1: { status: 400, title: 'API Unknown', details: 'Invalid request or possible server error.' },
	2: { status: 503, title: 'API Service', details: 'Temporary due to downtime or due to being overloaded.' },
	3: { status: 500, title: 'API Method', details: 'Capability or permissions issue.' },
	4: {
		status: 429,
		title: 'Application request limit reached',
		details: 'The app has reached its API call rate limit.'
	},
	10: {
		status: 403,
		title: 'Application does not have permission for this action',
		details: 'Permission is either not granted or has been removed.'
	},
	100: { status: 400, title: 'Invalid parameter', details: 'The request included one or more unsupported parameters.' },
	190: { status: 401, title: 'Access token has expired', details: 'Your access token has expired.' },
	200: { status: 403, title: 'API Permission', details: 'Permission is either not granted or has been removed.' },
	368: {
		status: 403,
		title: 'Temporarily blocked for policies violations',
		details: 'The account has been restricted or disabled for violating a platform policy.'
	},
	80007: {
		status: 429,
		title: 'Rate limit issues',
		details: 'The WhatsApp Business Account has reached its rate limit.'
	},
	130429: {
		status: 429,
		title: 'Rate limit hit',
		details:
			'Message failed to send because there were too many messages sent from this phone number in a short period of time'
	},
	130472: {
		status: 400,
		title: "User's number is part of an experiment",
		details: "Failed to send message because this user's phone number is part of an experiment"
	},
	130497: {
		status: 403,
		title: 'Business account is restricted from messaging users in this country.',
		details: 'The business account is restricted from messaging users in certain countries.'
	},
	131000: { status: 500, title: 'Something went wrong', details: 'Message failed to send due to an unknown error.' },
	131005: { status: 403, title: 'Access denied', details: 'Permission is either not granted or has been removed.' },
	131008: {
		status: 400,
		title: 'Required parameter is missing',
		details: 'The request is missing a required parameter.'
	},
	131009: { status: 400, title: 'Parameter value is not valid', details: 'One or more parameter values are invalid.' },
	131016: { status: 500, title: 'Service unavailable', details: 'A service is temporarily unavailable.' },
	131021: {
		status: 400,
		title: 'Recipient cannot be sender',
		details: 'Sender and recipient phone number is the same.'
	},
	131026: { status: 400, title: 'Message undeliverable', details: 'Message Undeliverable.' },
	131031: {
		status: 403,
		title: 'Business Account locked',
		details: 'The WhatsApp Business Account has been restricted or disabled for violating a platform policy.'
	},
	131042: {
		status: 400,
		title: 'Business eligibility payment issue',
		details: 'Message failed to send because there were one or more errors related to your payment method.'
	},
	131045: {
		status: 500,
		title: 'Incorrect certificate',
		details: 'Message failed to send due to a phone number registration error.'
	},
	131047: {
		status: 400,
		title: 'Re-engagement message',
		details:
			'Message failed to send because more than 24 hours have passed since the customer last replied to this number.'
	},
	131048: {
		status: 429,
		title: 'Spam rate limit hit',
		details:
			'Message failed to send because there are restrictions on how many messages can be sent from this phone number.'
	},
	131049: {
		status: 400,
		title: 'This message was not delivered to maintain healthy ecosystem engagement.',
		details: 'In order to maintain a healthy ecosystem engagement, the message failed to be delivered.'
	},
	131050: {
		status: 400,
		title: 'User stopped marketing messages',
		details: 'The recipient has chosen to stop receiving marketing messages from your business.'
	},
	131051: {
		status: 400,
		title: 'Unsupported message type',
		details: 'Message type is not currently supported.'
	},
	131052: {
		status: 400,
		title: 'Media download error',
		details: 'Unable to download the media sent by the user.'
	},
	131053: { status: 400, title: 'Media upload error', details: 'Unable to upload the media used in the message.' },
	131056: {
		status: 429,
		title: '(Business Account, Consumer Account) pair rate limit hit',
		details:
			'Message failed to send because there were too many messages sent from this phone number to the same phone number in a short period of time.'
	},
	131057: { status: 400, title: 'Account in maintenance mode', details: 'The account is in maintenance mode.' },
	131062: {
		status: 400,
		title: 'Business-scoped User ID recipients not supported',
		details:
			"You can only send authentication messages to recipients' phone numbers, not their business-scoped user IDs."
	},
	132000: {
		status: 400,
		title: 'Number of parameters does not match the expected number of params',
		details: 'The number of variable parameter values does not match the number defined in the template.'
	},
	132001: {
		status: 404,
		title: 'Template name does not exist in the translation',
		details: 'The template does not exist in the specified language or has not been approved.'
	},
	132005: { status: 400, title: 'Translated text too long', details: 'Translated text is too long.' },
	132007: {
		status: 400,
		title: 'Template content violates format policy',
		details: 'Template content violates a policy.'
	},
	132012: {
		status: 400,
		title: 'Parameter format does not match format in the created template',
		details: 'Variable parameter values formatted incorrectly.'
	},
	132015: { status: 400, title: 'Template is paused', details: 'Template is paused due to low quality.' },
	132016: { status: 400, title: 'Template is disabled', details: 'Template has been paused too many times.' }
};

/** What is known of a code; an undocumented one is an ordinary bad request. */
export function errorCode(code: number): ErrorCode {
	return known[code] ?? { status: 400, title: `Error ${code}`, details: `Message failed with error ${code}.` };
}

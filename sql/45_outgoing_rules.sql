/*
 * What WhatsApp takes: the rules of core/src/whatsapp/outgoing by kind of message, the same for forms and
 * database. Written by `npm run db:rules`, never by hand; a test holds the two to be the same. What stands in
 * several places stands here once, as "shared".
 */

create function private.content_rule(name text)
  returns jsonb
  language sql
  immutable
as $$
  select case $1
    when 'text' then $rule$
      {
        "is": "object",
        "names": ["kind","text","preview_url"],
        "fields": [
          {"name":"kind","rule":{"is":"word","of":["text"],"fault":"value_invalid"}},
          {
            "name": "text",
            "rule": {"is":"text","max":4096,"long":"text_too_long","empty":"text_empty"},
            "missing": "text_empty"
          },
          {"name":"preview_url","rule":{"is":"boolean"}}
        ]
      }
    $rule$::jsonb
    when 'image' then $rule$
      {
        "is": "object",
        "names": ["kind","path","link","mime_type","size","filename","caption"],
        "fields": [
          {"name":"kind","rule":{"is":"word","of":["image"],"fault":"value_invalid"}},
          {"name":"path","rule":{"is":"text","max":512,"long":"media_not_found","empty":"media_not_found"}},
          {"name":"link","rule":{"is":"shared","rule":"shared_1"}},
          {"name":"mime_type","rule":{"is":"mime","of":["image/jpeg","image/png"],"fault":"media_type_unsupported"}},
          {
            "name": "size",
            "rule": {"is":"number","min":1,"max":5242880,"whole":true,"low":"media_empty","high":"media_too_large"}
          },
          {"name":"filename","rule":{"is":"text","max":240,"long":"filename_too_long"}},
          {"name":"caption","rule":{"is":"text","max":1024,"long":"caption_too_long"}}
        ],
        "exactly_one": {"of":["path","link"],"none":"media_missing","many":"media_ambiguous"},
        "needs": {"with":"path","fields":["mime_type","size"],"fault":"field_missing"}
      }
    $rule$::jsonb
    when 'video' then $rule$
      {
        "is": "object",
        "names": ["kind","path","link","mime_type","size","filename","caption"],
        "fields": [
          {"name":"kind","rule":{"is":"word","of":["video"],"fault":"value_invalid"}},
          {"name":"path","rule":{"is":"text","max":512,"long":"media_not_found","empty":"media_not_found"}},
          {"name":"link","rule":{"is":"shared","rule":"shared_1"}},
          {"name":"mime_type","rule":{"is":"mime","of":["video/mp4","video/3gpp"],"fault":"media_type_unsupported"}},
          {
            "name": "size",
            "rule": {"is":"number","min":1,"max":16777216,"whole":true,"low":"media_empty","high":"media_too_large"}
          },
          {"name":"filename","rule":{"is":"text","max":240,"long":"filename_too_long"}},
          {"name":"caption","rule":{"is":"text","max":1024,"long":"caption_too_long"}}
        ],
        "exactly_one": {"of":["path","link"],"none":"media_missing","many":"media_ambiguous"},
        "needs": {"with":"path","fields":["mime_type","size"],"fault":"field_missing"}
      }
    $rule$::jsonb
    when 'audio' then $rule$
      {
        "is": "object",
        "names": ["kind","path","link","mime_type","size","filename","voice"],
        "fields": [
          {"name":"kind","rule":{"is":"word","of":["audio"],"fault":"value_invalid"}},
          {"name":"path","rule":{"is":"text","max":512,"long":"media_not_found","empty":"media_not_found"}},
          {"name":"link","rule":{"is":"shared","rule":"shared_1"}},
          {
            "name": "mime_type",
            "rule": {
              "is": "mime",
              "of": ["audio/aac","audio/amr","audio/mpeg","audio/mp4","audio/ogg"],
              "fault": "media_type_unsupported"
            }
          },
          {
            "name": "size",
            "rule": {"is":"number","min":1,"max":16777216,"whole":true,"low":"media_empty","high":"media_too_large"}
          },
          {"name":"filename","rule":{"is":"text","max":240,"long":"filename_too_long"}},
          {"name":"voice","rule":{"is":"boolean"}}
        ],
        "exactly_one": {"of":["path","link"],"none":"media_missing","many":"media_ambiguous"},
        "needs": {"with":"path","fields":["mime_type","size"],"fault":"field_missing"},
        "also": [
          {
            "when": "voice",
            "is": true,
            "field": "mime_type",
            "rule": {"is":"mime","of":["audio/ogg"],"fault":"media_type_unsupported"}
          }
        ]
      }
    $rule$::jsonb
    when 'document' then $rule$
      {
        "is": "object",
        "names": ["kind","path","link","mime_type","size","filename","caption"],
        "fields": [
          {"name":"kind","rule":{"is":"word","of":["document"],"fault":"value_invalid"}},
          {"name":"path","rule":{"is":"text","max":512,"long":"media_not_found","empty":"media_not_found"}},
          {"name":"link","rule":{"is":"shared","rule":"shared_1"}},
          {"name":"mime_type","rule":{"is":"shared","rule":"shared_2"}},
          {
            "name": "size",
            "rule": {"is":"number","min":1,"max":104857600,"whole":true,"low":"media_empty","high":"media_too_large"}
          },
          {"name":"filename","rule":{"is":"text","max":240,"long":"filename_too_long"}},
          {"name":"caption","rule":{"is":"text","max":1024,"long":"caption_too_long"}}
        ],
        "exactly_one": {"of":["path","link"],"none":"media_missing","many":"media_ambiguous"},
        "needs": {"with":"path","fields":["mime_type","size"],"fault":"field_missing"}
      }
    $rule$::jsonb
    when 'sticker' then $rule$
      {
        "is": "object",
        "names": ["kind","path","link","mime_type","size","filename","animated"],
        "fields": [
          {"name":"kind","rule":{"is":"word","of":["sticker"],"fault":"value_invalid"}},
          {"name":"path","rule":{"is":"text","max":512,"long":"media_not_found","empty":"media_not_found"}},
          {"name":"link","rule":{"is":"shared","rule":"shared_1"}},
          {"name":"mime_type","rule":{"is":"mime","of":["image/webp"],"fault":"media_type_unsupported"}},
          {
            "name": "size",
            "rule": {"is":"number","min":1,"max":512000,"whole":true,"low":"media_empty","high":"media_too_large"}
          },
          {"name":"filename","rule":{"is":"text","max":240,"long":"filename_too_long"}},
          {"name":"animated","rule":{"is":"boolean"}}
        ],
        "exactly_one": {"of":["path","link"],"none":"media_missing","many":"media_ambiguous"},
        "needs": {"with":"path","fields":["mime_type","size"],"fault":"field_missing"},
        "also": [
          {
            "when": "animated",
            "is": false,
            "field": "size",
            "rule": {"is":"number","min":1,"max":102400,"low":"media_empty","high":"media_too_large"}
          }
        ]
      }
    $rule$::jsonb
    when 'location' then $rule$
      {
        "is": "object",
        "names": ["kind","latitude","longitude","name","address"],
        "fields": [
          {"name":"kind","rule":{"is":"word","of":["location"],"fault":"value_invalid"}},
          {
            "name": "latitude",
            "rule": {"is":"number","min":-90,"max":90,"low":"latitude_invalid","high":"latitude_invalid"},
            "missing": "latitude_invalid"
          },
          {
            "name": "longitude",
            "rule": {"is":"number","min":-180,"max":180,"low":"longitude_invalid","high":"longitude_invalid"},
            "missing": "longitude_invalid"
          },
          {"name":"name","rule":{"is":"text","max":1000,"long":"place_too_long"}},
          {"name":"address","rule":{"is":"text","max":1000,"long":"place_too_long"}}
        ]
      }
    $rule$::jsonb
    when 'contacts' then $rule$
      {
        "is": "object",
        "names": ["kind","contacts"],
        "fields": [
          {"name":"kind","rule":{"is":"word","of":["contacts"],"fault":"value_invalid"}},
          {
            "name": "contacts",
            "rule": {
              "is": "list",
              "min": 1,
              "max": 257,
              "few": "contacts_missing",
              "many": "contacts_too_many",
              "of": {
                "is": "object",
                "names": ["name","phones","emails","urls","addresses","org","birthday"],
                "fields": [
                  {
                    "name": "name",
                    "rule": {
                      "is": "object",
                      "names": ["formatted_name","first_name","last_name","middle_name","prefix","suffix"],
                      "fields": [
                        {
                          "name": "formatted_name",
                          "rule": {
                            "is": "text",
                            "max": 1000,
                            "long": "contact_field_too_long",
                            "empty": "contact_name_missing"
                          },
                          "missing": "contact_name_missing"
                        },
                        {"name":"first_name","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}},
                        {"name":"last_name","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}},
                        {"name":"middle_name","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}},
                        {"name":"prefix","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}},
                        {"name":"suffix","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}}
                      ],
                      "at_least_one": {
                        "of": ["first_name","last_name","middle_name","prefix","suffix"],
                        "none": "contact_name_incomplete"
                      }
                    },
                    "missing": "contact_name_missing"
                  },
                  {
                    "name": "phones",
                    "rule": {
                      "is": "list",
                      "min": 0,
                      "max": 50,
                      "few": "value_invalid",
                      "many": "value_invalid",
                      "of": {
                        "is": "object",
                        "names": ["phone","type","wa_id"],
                        "fields": [
                          {"name":"phone","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}},
                          {"name":"type","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}},
                          {"name":"wa_id","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}}
                        ]
                      }
                    }
                  },
                  {
                    "name": "emails",
                    "rule": {
                      "is": "list",
                      "min": 0,
                      "max": 50,
                      "few": "value_invalid",
                      "many": "value_invalid",
                      "of": {
                        "is": "object",
                        "names": ["email","type"],
                        "fields": [
                          {"name":"email","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}},
                          {"name":"type","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}}
                        ]
                      }
                    }
                  },
                  {
                    "name": "urls",
                    "rule": {
                      "is": "list",
                      "min": 0,
                      "max": 50,
                      "few": "value_invalid",
                      "many": "value_invalid",
                      "of": {
                        "is": "object",
                        "names": ["url","type"],
                        "fields": [
                          {"name":"url","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}},
                          {"name":"type","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}}
                        ]
                      }
                    }
                  },
                  {
                    "name": "addresses",
                    "rule": {
                      "is": "list",
                      "min": 0,
                      "max": 50,
                      "few": "value_invalid",
                      "many": "value_invalid",
                      "of": {
                        "is": "object",
                        "names": ["street","city","state","zip","country","country_code","type"],
                        "fields": [
                          {"name":"street","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}},
                          {"name":"city","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}},
                          {"name":"state","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}},
                          {"name":"zip","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}},
                          {"name":"country","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}},
                          {"name":"country_code","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}},
                          {"name":"type","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}}
                        ]
                      }
                    }
                  },
                  {
                    "name": "org",
                    "rule": {
                      "is": "object",
                      "names": ["company","department","title"],
                      "fields": [
                        {"name":"company","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}},
                        {"name":"department","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}},
                        {"name":"title","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}}
                      ]
                    }
                  },
                  {
                    "name": "birthday",
                    "rule": {
                      "is": "text",
                      "max": 1000,
                      "long": "contact_field_too_long",
                      "like": {"pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}$","fault":"contact_birthday_invalid"}
                    }
                  }
                ]
              }
            },
            "missing": "contacts_missing"
          }
        ]
      }
    $rule$::jsonb
    when 'reaction' then $rule$
      {
        "is": "object",
        "names": ["kind","emoji"],
        "fields": [
          {"name":"kind","rule":{"is":"word","of":["reaction"],"fault":"value_invalid"}},
          {"name":"emoji","rule":{"is":"emoji"},"missing":"field_missing"}
        ]
      }
    $rule$::jsonb
    when 'interactive' then $rule$
      {
        "is": "object",
        "names": ["kind","interactive"],
        "fields": [
          {"name":"kind","rule":{"is":"word","of":["interactive"],"fault":"value_invalid"}},
          {
            "name": "interactive",
            "rule": {
              "is": "variant",
              "by": "type",
              "of": {
                "button": {
                  "is": "object",
                  "names": ["type","header","body","footer","action"],
                  "fields": [
                    {"name":"type","rule":{"is":"word","of":["button"],"fault":"value_invalid"}},
                    {"name":"header","rule":{"is":"shared","rule":"shared_3"}},
                    {"name":"body","rule":{"is":"shared","rule":"shared_7"},"missing":"body_empty"},
                    {"name":"footer","rule":{"is":"shared","rule":"shared_8"}},
                    {
                      "name": "action",
                      "rule": {
                        "is": "object",
                        "names": ["buttons"],
                        "fields": [
                          {
                            "name": "buttons",
                            "rule": {
                              "is": "list",
                              "min": 1,
                              "max": 3,
                              "few": "buttons_missing",
                              "many": "buttons_too_many",
                              "of": {
                                "is": "object",
                                "names": ["type","reply"],
                                "fields": [
                                  {"name":"type","rule":{"is":"word","of":["reply"],"fault":"value_invalid"}},
                                  {
                                    "name": "reply",
                                    "rule": {"is":"shared","rule":"shared_9"},
                                    "missing": "button_title_empty"
                                  }
                                ]
                              },
                              "differ": [
                                {"at":["reply","id"],"fault":"buttons_repeated"},
                                {"at":["reply","title"],"fault":"buttons_repeated"}
                              ]
                            },
                            "missing": "buttons_missing"
                          }
                        ]
                      },
                      "missing": "buttons_missing"
                    }
                  ]
                },
                "list": {
                  "is": "object",
                  "names": ["type","header","body","footer","action"],
                  "fields": [
                    {"name":"type","rule":{"is":"word","of":["list"],"fault":"value_invalid"}},
                    {
                      "name": "header",
                      "rule": {"is":"variant","by":"type","of":{"text":{"is":"shared","rule":"shared_4"}}}
                    },
                    {
                      "name": "body",
                      "rule": {
                        "is": "object",
                        "names": ["text"],
                        "fields": [
                          {
                            "name": "text",
                            "rule": {"is":"text","max":4096,"long":"body_too_long","empty":"body_empty"},
                            "missing": "body_empty"
                          }
                        ]
                      },
                      "missing": "body_empty"
                    },
                    {"name":"footer","rule":{"is":"shared","rule":"shared_8"}},
                    {
                      "name": "action",
                      "rule": {
                        "is": "object",
                        "names": ["button","sections"],
                        "fields": [
                          {
                            "name": "button",
                            "rule": {"is":"text","max":20,"long":"button_title_too_long","empty":"button_title_empty"},
                            "missing": "button_title_empty"
                          },
                          {
                            "name": "sections",
                            "rule": {
                              "is": "list",
                              "min": 1,
                              "max": 10,
                              "few": "sections_missing",
                              "many": "sections_too_many",
                              "of": {
                                "is": "object",
                                "names": ["title","rows"],
                                "fields": [
                                  {
                                    "name": "title",
                                    "rule": {
                                      "is": "text",
                                      "max": 24,
                                      "long": "section_title_too_long",
                                      "empty": "section_title_missing"
                                    }
                                  },
                                  {
                                    "name": "rows",
                                    "rule": {
                                      "is": "list",
                                      "min": 1,
                                      "max": 10,
                                      "few": "rows_missing",
                                      "many": "rows_too_many",
                                      "of": {
                                        "is": "object",
                                        "names": ["id","title","description"],
                                        "fields": [
                                          {
                                            "name": "id",
                                            "rule": {"is":"text","max":200,"long":"id_too_long","empty":"id_empty"},
                                            "missing": "id_empty"
                                          },
                                          {
                                            "name": "title",
                                            "rule": {
                                              "is": "text",
                                              "max": 24,
                                              "long": "row_title_too_long",
                                              "empty": "row_title_empty"
                                            },
                                            "missing": "row_title_empty"
                                          },
                                          {
                                            "name": "description",
                                            "rule": {"is":"text","max":72,"long":"row_description_too_long"}
                                          }
                                        ]
                                      }
                                    },
                                    "missing": "rows_missing"
                                  }
                                ]
                              }
                            },
                            "missing": "sections_missing"
                          }
                        ],
                        "sections": {
                          "items": "rows",
                          "max": 10,
                          "many": "rows_too_many",
                          "id": "id",
                          "repeated": "rows_repeated",
                          "untitled": "section_title_missing"
                        }
                      },
                      "missing": "sections_missing"
                    }
                  ]
                },
                "cta_url": {
                  "is": "object",
                  "names": ["type","header","body","footer","action"],
                  "fields": [
                    {"name":"type","rule":{"is":"word","of":["cta_url"],"fault":"value_invalid"}},
                    {"name":"header","rule":{"is":"shared","rule":"shared_3"}},
                    {"name":"body","rule":{"is":"shared","rule":"shared_7"},"missing":"body_empty"},
                    {"name":"footer","rule":{"is":"shared","rule":"shared_8"}},
                    {"name":"action","rule":{"is":"shared","rule":"shared_10"},"missing":"field_missing"}
                  ]
                },
                "flow": {
                  "is": "object",
                  "names": ["type","header","body","footer","action"],
                  "fields": [
                    {"name":"type","rule":{"is":"word","of":["flow"],"fault":"value_invalid"}},
                    {"name":"header","rule":{"is":"shared","rule":"shared_3"}},
                    {"name":"body","rule":{"is":"shared","rule":"shared_7"},"missing":"body_empty"},
                    {"name":"footer","rule":{"is":"shared","rule":"shared_8"}},
                    {
                      "name": "action",
                      "rule": {
                        "is": "object",
                        "names": ["name","parameters"],
                        "fields": [
                          {
                            "name": "name",
                            "rule": {"is":"word","of":["flow"],"fault":"value_invalid"},
                            "missing": "field_missing"
                          },
                          {
                            "name": "parameters",
                            "rule": {
                              "is": "object",
                              "names": [
                                "flow_message_version",
                                "flow_id",
                                "flow_name",
                                "flow_cta",
                                "flow_token",
                                "mode",
                                "flow_action",
                                "flow_action_payload"
                              ],
                              "fields": [
                                {
                                  "name": "flow_message_version",
                                  "rule": {"is":"word","of":["3"],"fault":"value_invalid"},
                                  "missing": "field_missing"
                                },
                                {
                                  "name": "flow_id",
                                  "rule": {"is":"text","max":256,"long":"id_too_long","empty":"id_empty"}
                                },
                                {
                                  "name": "flow_name",
                                  "rule": {"is":"text","max":256,"long":"id_too_long","empty":"id_empty"}
                                },
                                {
                                  "name": "flow_cta",
                                  "rule": {
                                    "is": "text",
                                    "max": 30,
                                    "long": "button_title_too_long",
                                    "empty": "button_title_empty"
                                  },
                                  "missing": "button_title_empty"
                                },
                                {
                                  "name": "flow_token",
                                  "rule": {"is":"text","max":512,"long":"id_too_long","empty":"id_empty"}
                                },
                                {"name":"mode","rule":{"is":"word","of":["draft","published"],"fault":"value_invalid"}},
                                {
                                  "name": "flow_action",
                                  "rule": {"is":"word","of":["navigate","data_exchange"],"fault":"value_invalid"}
                                },
                                {
                                  "name": "flow_action_payload",
                                  "rule": {
                                    "is": "object",
                                    "names": ["screen","data"],
                                    "fields": [
                                      {
                                        "name": "screen",
                                        "rule": {
                                          "is": "text",
                                          "max": 256,
                                          "long": "id_too_long",
                                          "empty": "flow_screen_missing"
                                        },
                                        "missing": "flow_screen_missing"
                                      },
                                      {"name":"data","rule":{"is":"data","fault":"flow_data_empty"}}
                                    ]
                                  }
                                }
                              ],
                              "exactly_one": {
                                "of": ["flow_id","flow_name"],
                                "none": "flow_missing",
                                "many": "flow_ambiguous"
                              }
                            },
                            "missing": "flow_missing"
                          }
                        ]
                      },
                      "missing": "flow_missing"
                    }
                  ]
                },
                "location_request_message": {
                  "is": "object",
                  "names": ["type","body","action"],
                  "fields": [
                    {"name":"type","rule":{"is":"word","of":["location_request_message"],"fault":"value_invalid"}},
                    {"name":"body","rule":{"is":"shared","rule":"shared_7"},"missing":"body_empty"},
                    {
                      "name": "action",
                      "rule": {
                        "is": "object",
                        "names": ["name"],
                        "fields": [
                          {
                            "name": "name",
                            "rule": {"is":"word","of":["send_location"],"fault":"value_invalid"},
                            "missing": "field_missing"
                          }
                        ]
                      },
                      "missing": "field_missing"
                    }
                  ]
                },
                "product": {
                  "is": "object",
                  "names": ["type","body","footer","action"],
                  "fields": [
                    {"name":"type","rule":{"is":"word","of":["product"],"fault":"value_invalid"}},
                    {"name":"body","rule":{"is":"shared","rule":"shared_7"}},
                    {"name":"footer","rule":{"is":"shared","rule":"shared_8"}},
                    {
                      "name": "action",
                      "rule": {
                        "is": "object",
                        "names": ["catalog_id","product_retailer_id"],
                        "fields": [
                          {
                            "name": "catalog_id",
                            "rule": {"is":"text","max":256,"long":"id_too_long","empty":"id_empty"},
                            "missing": "product_missing"
                          },
                          {
                            "name": "product_retailer_id",
                            "rule": {"is":"text","max":256,"long":"id_too_long","empty":"id_empty"},
                            "missing": "product_missing"
                          }
                        ]
                      },
                      "missing": "product_missing"
                    }
                  ]
                },
                "product_list": {
                  "is": "object",
                  "names": ["type","header","body","footer","action"],
                  "fields": [
                    {"name":"type","rule":{"is":"word","of":["product_list"],"fault":"value_invalid"}},
                    {
                      "name": "header",
                      "rule": {
                        "is": "object",
                        "names": ["type","text"],
                        "fields": [
                          {
                            "name": "type",
                            "rule": {"is":"word","of":["text"],"fault":"value_invalid"},
                            "missing": "header_empty"
                          },
                          {
                            "name": "text",
                            "rule": {"is":"text","max":60,"long":"header_too_long","empty":"header_empty"},
                            "missing": "header_empty"
                          }
                        ]
                      },
                      "missing": "header_empty"
                    },
                    {"name":"body","rule":{"is":"shared","rule":"shared_7"},"missing":"body_empty"},
                    {"name":"footer","rule":{"is":"shared","rule":"shared_8"}},
                    {
                      "name": "action",
                      "rule": {
                        "is": "object",
                        "names": ["catalog_id","sections"],
                        "fields": [
                          {
                            "name": "catalog_id",
                            "rule": {"is":"text","max":256,"long":"id_too_long","empty":"id_empty"},
                            "missing": "product_missing"
                          },
                          {
                            "name": "sections",
                            "rule": {
                              "is": "list",
                              "min": 1,
                              "max": 10,
                              "few": "sections_missing",
                              "many": "sections_too_many",
                              "of": {
                                "is": "object",
                                "names": ["title","product_items"],
                                "fields": [
                                  {
                                    "name": "title",
                                    "rule": {
                                      "is": "text",
                                      "max": 24,
                                      "long": "section_title_too_long",
                                      "empty": "section_title_missing"
                                    }
                                  },
                                  {
                                    "name": "product_items",
                                    "rule": {
                                      "is": "list",
                                      "min": 1,
                                      "max": 30,
                                      "few": "product_missing",
                                      "many": "products_too_many",
                                      "of": {
                                        "is": "object",
                                        "names": ["product_retailer_id"],
                                        "fields": [
                                          {
                                            "name": "product_retailer_id",
                                            "rule": {"is":"text","max":256,"long":"id_too_long","empty":"id_empty"},
                                            "missing": "product_missing"
                                          }
                                        ]
                                      }
                                    },
                                    "missing": "product_missing"
                                  }
                                ]
                              }
                            },
                            "missing": "sections_missing"
                          }
                        ],
                        "sections": {
                          "items": "product_items",
                          "max": 30,
                          "many": "products_too_many",
                          "id": "product_retailer_id",
                          "repeated": "products_repeated",
                          "untitled": "section_title_missing"
                        }
                      },
                      "missing": "product_missing"
                    }
                  ]
                },
                "catalog_message": {
                  "is": "object",
                  "names": ["type","body","footer","action"],
                  "fields": [
                    {"name":"type","rule":{"is":"word","of":["catalog_message"],"fault":"value_invalid"}},
                    {"name":"body","rule":{"is":"shared","rule":"shared_7"},"missing":"body_empty"},
                    {"name":"footer","rule":{"is":"shared","rule":"shared_8"}},
                    {
                      "name": "action",
                      "rule": {
                        "is": "object",
                        "names": ["name","parameters"],
                        "fields": [
                          {
                            "name": "name",
                            "rule": {"is":"word","of":["catalog_message"],"fault":"value_invalid"},
                            "missing": "field_missing"
                          },
                          {
                            "name": "parameters",
                            "rule": {
                              "is": "object",
                              "names": ["thumbnail_product_retailer_id"],
                              "fields": [
                                {
                                  "name": "thumbnail_product_retailer_id",
                                  "rule": {"is":"text","max":256,"long":"id_too_long","empty":"id_empty"},
                                  "missing": "product_missing"
                                }
                              ]
                            }
                          }
                        ]
                      },
                      "missing": "field_missing"
                    }
                  ]
                },
                "carousel": {
                  "is": "object",
                  "names": ["type","body","action"],
                  "fields": [
                    {"name":"type","rule":{"is":"word","of":["carousel"],"fault":"value_invalid"}},
                    {"name":"body","rule":{"is":"shared","rule":"shared_7"},"missing":"body_empty"},
                    {
                      "name": "action",
                      "rule": {
                        "is": "object",
                        "names": ["cards"],
                        "fields": [
                          {
                            "name": "cards",
                            "rule": {
                              "is": "list",
                              "min": 2,
                              "max": 10,
                              "few": "cards_too_few",
                              "many": "cards_too_many",
                              "of": {
                                "is": "variant",
                                "by": "type",
                                "of": {
                                  "cta_url": {
                                    "is": "object",
                                    "names": ["type","card_index","header","body","action"],
                                    "fields": [
                                      {"name":"type","rule":{"is":"word","of":["cta_url"],"fault":"value_invalid"}},
                                      {"name":"card_index","rule":{"is":"index"},"missing":"field_missing"},
                                      {
                                        "name": "header",
                                        "rule": {"is":"shared","rule":"shared_11"},
                                        "missing": "media_missing"
                                      },
                                      {"name":"body","rule":{"is":"shared","rule":"shared_12"}},
                                      {
                                        "name": "action",
                                        "rule": {"is":"shared","rule":"shared_10"},
                                        "missing": "buttons_missing"
                                      }
                                    ]
                                  },
                                  "quick_reply": {
                                    "is": "object",
                                    "names": ["type","card_index","header","body","action"],
                                    "fields": [
                                      {"name":"type","rule":{"is":"word","of":["quick_reply"],"fault":"value_invalid"}},
                                      {"name":"card_index","rule":{"is":"index"},"missing":"field_missing"},
                                      {
                                        "name": "header",
                                        "rule": {"is":"shared","rule":"shared_11"},
                                        "missing": "media_missing"
                                      },
                                      {"name":"body","rule":{"is":"shared","rule":"shared_12"}},
                                      {
                                        "name": "action",
                                        "rule": {
                                          "is": "object",
                                          "names": ["buttons"],
                                          "fields": [
                                            {
                                              "name": "buttons",
                                              "rule": {
                                                "is": "list",
                                                "min": 1,
                                                "max": 3,
                                                "few": "buttons_missing",
                                                "many": "buttons_too_many",
                                                "of": {
                                                  "is": "object",
                                                  "names": ["type","quick_reply"],
                                                  "fields": [
                                                    {
                                                      "name": "type",
                                                      "rule": {"is":"word","of":["quick_reply"],"fault":"value_invalid"}
                                                    },
                                                    {
                                                      "name": "quick_reply",
                                                      "rule": {"is":"shared","rule":"shared_9"},
                                                      "missing": "button_title_empty"
                                                    }
                                                  ]
                                                },
                                                "differ": [
                                                  {"at":["quick_reply","id"],"fault":"buttons_repeated"},
                                                  {"at":["quick_reply","title"],"fault":"buttons_repeated"}
                                                ]
                                              },
                                              "missing": "buttons_missing"
                                            }
                                          ]
                                        },
                                        "missing": "buttons_missing"
                                      }
                                    ]
                                  }
                                }
                              }
                            },
                            "missing": "cards_too_few"
                          }
                        ],
                        "alike": {"cards":"cards","fault":"cards_differ"}
                      },
                      "missing": "cards_too_few"
                    }
                  ]
                }
              }
            },
            "missing": "field_missing"
          }
        ]
      }
    $rule$::jsonb
    when 'template' then $rule$
      {
        "is": "object",
        "names": ["kind","template_id","name","language","components"],
        "fields": [
          {"name":"kind","rule":{"is":"word","of":["template"],"fault":"value_invalid"}},
          {
            "name": "template_id",
            "rule": {
              "is": "text",
              "max": 36,
              "long": "template_missing",
              "empty": "template_missing",
              "like": {"pattern":"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$","fault":"template_missing"}
            }
          },
          {
            "name": "name",
            "rule": {"is":"text","max":512,"long":"template_missing","empty":"template_missing"},
            "missing": "template_missing"
          },
          {
            "name": "language",
            "rule": {
              "is": "text",
              "max": 15,
              "long": "template_language_invalid",
              "empty": "template_language_invalid",
              "like": {"pattern":"^[A-Za-z]{2,3}(_[A-Za-z]{2,4})?$","fault":"template_language_invalid"}
            },
            "missing": "template_language_invalid"
          },
          {
            "name": "components",
            "rule": {
              "is": "list",
              "min": 0,
              "max": 14,
              "few": "value_invalid",
              "many": "template_components_too_many",
              "of": {
                "is": "variant",
                "by": "type",
                "of": {
                  "header": {"is":"shared","rule":"shared_13"},
                  "body": {"is":"shared","rule":"shared_15"},
                  "button": {"is":"shared","rule":"shared_16"},
                  "limited_time_offer": {
                    "is": "object",
                    "names": ["type","parameters"],
                    "fields": [
                      {"name":"type","rule":{"is":"word","of":["limited_time_offer"],"fault":"value_invalid"}},
                      {
                        "name": "parameters",
                        "rule": {
                          "is": "list",
                          "min": 0,
                          "max": 1,
                          "few": "value_invalid",
                          "many": "template_components_too_many",
                          "of": {
                            "is": "variant",
                            "by": "type",
                            "of": {
                              "limited_time_offer": {
                                "is": "object",
                                "names": ["type","limited_time_offer"],
                                "fields": [
                                  {
                                    "name": "type",
                                    "rule": {"is":"word","of":["limited_time_offer"],"fault":"value_invalid"}
                                  },
                                  {
                                    "name": "limited_time_offer",
                                    "rule": {
                                      "is": "object",
                                      "names": ["expiration_time_ms"],
                                      "fields": [
                                        {
                                          "name": "expiration_time_ms",
                                          "rule": {
                                            "is": "number",
                                            "min": 0,
                                            "max": 8640000000000000,
                                            "whole": true,
                                            "low": "value_invalid",
                                            "high": "value_invalid"
                                          },
                                          "missing": "template_parameter_empty"
                                        }
                                      ]
                                    },
                                    "missing": "template_parameter_empty"
                                  }
                                ]
                              }
                            }
                          }
                        }
                      }
                    ]
                  },
                  "carousel": {
                    "is": "object",
                    "names": ["type","cards"],
                    "fields": [
                      {"name":"type","rule":{"is":"word","of":["carousel"],"fault":"value_invalid"}},
                      {
                        "name": "cards",
                        "rule": {
                          "is": "list",
                          "min": 1,
                          "max": 10,
                          "few": "cards_too_few",
                          "many": "cards_too_many",
                          "of": {
                            "is": "object",
                            "names": ["card_index","components"],
                            "fields": [
                              {"name":"card_index","rule":{"is":"index"},"missing":"field_missing"},
                              {
                                "name": "components",
                                "rule": {
                                  "is": "list",
                                  "min": 0,
                                  "max": 12,
                                  "few": "value_invalid",
                                  "many": "template_components_too_many",
                                  "of": {
                                    "is": "variant",
                                    "by": "type",
                                    "of": {
                                      "header": {"is":"shared","rule":"shared_13"},
                                      "body": {"is":"shared","rule":"shared_15"},
                                      "button": {"is":"shared","rule":"shared_16"}
                                    }
                                  }
                                },
                                "missing": "field_missing"
                              }
                            ]
                          }
                        },
                        "missing": "cards_too_few"
                      }
                    ]
                  }
                }
              }
            },
            "missing": "field_missing"
          }
        ]
      }
    $rule$::jsonb
    when 'shared_1' then $rule$
      {
        "is": "text",
        "max": 2048,
        "long": "link_too_long",
        "empty": "link_invalid",
        "like": {"pattern":"^https?://[^/ \\t\\r\\n]+[^ \\t\\r\\n]*$","fault":"link_invalid"}
      }
    $rule$::jsonb
    when 'shared_2' then $rule$
      {
        "is": "mime",
        "of": [
          "text/plain",
          "application/pdf",
          "application/msword",
          "application/vnd.ms-excel",
          "application/vnd.ms-powerpoint",
          "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
          "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
          "application/vnd.openxmlformats-officedocument.presentationml.presentation",
          "image/jpeg",
          "image/png",
          "video/mp4",
          "video/3gpp"
        ],
        "fault": "media_type_unsupported"
      }
    $rule$::jsonb
    when 'shared_3' then $rule$
      {
        "is": "variant",
        "by": "type",
        "of": {
          "text": {"is":"shared","rule":"shared_4"},
          "image": {"is":"shared","rule":"shared_5"},
          "video": {"is":"shared","rule":"shared_6"},
          "document": {
            "is": "object",
            "names": ["type","document"],
            "fields": [
              {"name":"type","rule":{"is":"word","of":["document"],"fault":"value_invalid"}},
              {
                "name": "document",
                "rule": {
                  "is": "object",
                  "names": ["path","link","mime_type","size","filename"],
                  "fields": [
                    {"name":"path","rule":{"is":"text","max":512,"long":"media_not_found","empty":"media_not_found"}},
                    {"name":"link","rule":{"is":"shared","rule":"shared_1"}},
                    {"name":"mime_type","rule":{"is":"shared","rule":"shared_2"}},
                    {
                      "name": "size",
                      "rule": {
                        "is": "number",
                        "min": 1,
                        "max": 104857600,
                        "whole": true,
                        "low": "media_empty",
                        "high": "media_too_large"
                      }
                    },
                    {"name":"filename","rule":{"is":"text","max":240,"long":"filename_too_long"}}
                  ],
                  "exactly_one": {"of":["path","link"],"none":"media_missing","many":"media_ambiguous"},
                  "needs": {"with":"path","fields":["mime_type","size"],"fault":"field_missing"}
                },
                "missing": "media_missing"
              }
            ]
          }
        }
      }
    $rule$::jsonb
    when 'shared_4' then $rule$
      {
        "is": "object",
        "names": ["type","text"],
        "fields": [
          {"name":"type","rule":{"is":"word","of":["text"],"fault":"value_invalid"}},
          {
            "name": "text",
            "rule": {"is":"text","max":60,"long":"header_too_long","empty":"header_empty"},
            "missing": "header_empty"
          }
        ]
      }
    $rule$::jsonb
    when 'shared_5' then $rule$
      {
        "is": "object",
        "names": ["type","image"],
        "fields": [
          {"name":"type","rule":{"is":"word","of":["image"],"fault":"value_invalid"}},
          {
            "name": "image",
            "rule": {
              "is": "object",
              "names": ["path","link","mime_type","size"],
              "fields": [
                {"name":"path","rule":{"is":"text","max":512,"long":"media_not_found","empty":"media_not_found"}},
                {"name":"link","rule":{"is":"shared","rule":"shared_1"}},
                {
                  "name": "mime_type",
                  "rule": {"is":"mime","of":["image/jpeg","image/png"],"fault":"media_type_unsupported"}
                },
                {
                  "name": "size",
                  "rule": {
                    "is": "number",
                    "min": 1,
                    "max": 5242880,
                    "whole": true,
                    "low": "media_empty",
                    "high": "media_too_large"
                  }
                }
              ],
              "exactly_one": {"of":["path","link"],"none":"media_missing","many":"media_ambiguous"},
              "needs": {"with":"path","fields":["mime_type","size"],"fault":"field_missing"}
            },
            "missing": "media_missing"
          }
        ]
      }
    $rule$::jsonb
    when 'shared_6' then $rule$
      {
        "is": "object",
        "names": ["type","video"],
        "fields": [
          {"name":"type","rule":{"is":"word","of":["video"],"fault":"value_invalid"}},
          {
            "name": "video",
            "rule": {
              "is": "object",
              "names": ["path","link","mime_type","size"],
              "fields": [
                {"name":"path","rule":{"is":"text","max":512,"long":"media_not_found","empty":"media_not_found"}},
                {"name":"link","rule":{"is":"shared","rule":"shared_1"}},
                {
                  "name": "mime_type",
                  "rule": {"is":"mime","of":["video/mp4","video/3gpp"],"fault":"media_type_unsupported"}
                },
                {
                  "name": "size",
                  "rule": {
                    "is": "number",
                    "min": 1,
                    "max": 16777216,
                    "whole": true,
                    "low": "media_empty",
                    "high": "media_too_large"
                  }
                }
              ],
              "exactly_one": {"of":["path","link"],"none":"media_missing","many":"media_ambiguous"},
              "needs": {"with":"path","fields":["mime_type","size"],"fault":"field_missing"}
            },
            "missing": "media_missing"
          }
        ]
      }
    $rule$::jsonb
    when 'shared_7' then $rule$
      {
        "is": "object",
        "names": ["text"],
        "fields": [
          {
            "name": "text",
            "rule": {"is":"text","max":1024,"long":"body_too_long","empty":"body_empty"},
            "missing": "body_empty"
          }
        ]
      }
    $rule$::jsonb
    when 'shared_8' then $rule$
      {
        "is": "object",
        "names": ["text"],
        "fields": [
          {
            "name": "text",
            "rule": {"is":"text","max":60,"long":"footer_too_long","empty":"footer_empty"},
            "missing": "footer_empty"
          }
        ]
      }
    $rule$::jsonb
    when 'shared_9' then $rule$
      {
        "is": "object",
        "names": ["id","title"],
        "fields": [
          {"name":"id","rule":{"is":"text","max":256,"long":"id_too_long","empty":"id_empty"},"missing":"id_empty"},
          {
            "name": "title",
            "rule": {"is":"text","max":20,"long":"button_title_too_long","empty":"button_title_empty"},
            "missing": "button_title_empty"
          }
        ]
      }
    $rule$::jsonb
    when 'shared_10' then $rule$
      {
        "is": "object",
        "names": ["name","parameters"],
        "fields": [
          {"name":"name","rule":{"is":"word","of":["cta_url"],"fault":"value_invalid"},"missing":"field_missing"},
          {
            "name": "parameters",
            "rule": {
              "is": "object",
              "names": ["display_text","url"],
              "fields": [
                {
                  "name": "display_text",
                  "rule": {"is":"text","max":20,"long":"button_title_too_long","empty":"button_title_empty"},
                  "missing": "button_title_empty"
                },
                {"name":"url","rule":{"is":"shared","rule":"shared_1"},"missing":"link_invalid"}
              ]
            },
            "missing": "field_missing"
          }
        ]
      }
    $rule$::jsonb
    when 'shared_11' then $rule$
      {
        "is": "variant",
        "by": "type",
        "of": {"image":{"is":"shared","rule":"shared_5"},"video":{"is":"shared","rule":"shared_6"}}
      }
    $rule$::jsonb
    when 'shared_12' then $rule$
      {
        "is": "object",
        "names": ["text"],
        "fields": [
          {
            "name": "text",
            "rule": {"is":"text","max":160,"long":"body_too_long","empty":"body_empty"},
            "missing": "body_empty"
          }
        ]
      }
    $rule$::jsonb
    when 'shared_13' then $rule$
      {
        "is": "object",
        "names": ["type","parameters"],
        "fields": [
          {"name":"type","rule":{"is":"word","of":["header"],"fault":"value_invalid"}},
          {
            "name": "parameters",
            "rule": {
              "is": "list",
              "min": 0,
              "max": 1,
              "few": "value_invalid",
              "many": "template_components_too_many",
              "of": {
                "is": "variant",
                "by": "type",
                "of": {
                  "text": {"is":"shared","rule":"shared_14"},
                  "image": {
                    "is": "object",
                    "names": ["type","image"],
                    "fields": [
                      {"name":"type","rule":{"is":"word","of":["image"],"fault":"value_invalid"}},
                      {
                        "name": "image",
                        "rule": {
                          "is": "object",
                          "names": ["path","link","mime_type","size","id"],
                          "fields": [
                            {
                              "name": "path",
                              "rule": {"is":"text","max":512,"long":"media_not_found","empty":"media_not_found"}
                            },
                            {"name":"link","rule":{"is":"shared","rule":"shared_1"}},
                            {
                              "name": "mime_type",
                              "rule": {"is":"mime","of":["image/jpeg","image/png"],"fault":"media_type_unsupported"}
                            },
                            {
                              "name": "size",
                              "rule": {
                                "is": "number",
                                "min": 1,
                                "max": 5242880,
                                "whole": true,
                                "low": "media_empty",
                                "high": "media_too_large"
                              }
                            },
                            {"name":"id","rule":{"is":"text","max":256,"long":"id_too_long","empty":"id_empty"}}
                          ],
                          "exactly_one": {"of":["path","link","id"],"none":"media_missing","many":"media_ambiguous"},
                          "needs": {"with":"path","fields":["mime_type","size"],"fault":"field_missing"}
                        },
                        "missing": "template_parameter_empty"
                      }
                    ]
                  },
                  "video": {
                    "is": "object",
                    "names": ["type","video"],
                    "fields": [
                      {"name":"type","rule":{"is":"word","of":["video"],"fault":"value_invalid"}},
                      {
                        "name": "video",
                        "rule": {
                          "is": "object",
                          "names": ["path","link","mime_type","size","id"],
                          "fields": [
                            {
                              "name": "path",
                              "rule": {"is":"text","max":512,"long":"media_not_found","empty":"media_not_found"}
                            },
                            {"name":"link","rule":{"is":"shared","rule":"shared_1"}},
                            {
                              "name": "mime_type",
                              "rule": {"is":"mime","of":["video/mp4","video/3gpp"],"fault":"media_type_unsupported"}
                            },
                            {
                              "name": "size",
                              "rule": {
                                "is": "number",
                                "min": 1,
                                "max": 16777216,
                                "whole": true,
                                "low": "media_empty",
                                "high": "media_too_large"
                              }
                            },
                            {"name":"id","rule":{"is":"text","max":256,"long":"id_too_long","empty":"id_empty"}}
                          ],
                          "exactly_one": {"of":["path","link","id"],"none":"media_missing","many":"media_ambiguous"},
                          "needs": {"with":"path","fields":["mime_type","size"],"fault":"field_missing"}
                        },
                        "missing": "template_parameter_empty"
                      }
                    ]
                  },
                  "document": {
                    "is": "object",
                    "names": ["type","document"],
                    "fields": [
                      {"name":"type","rule":{"is":"word","of":["document"],"fault":"value_invalid"}},
                      {
                        "name": "document",
                        "rule": {
                          "is": "object",
                          "names": ["path","link","mime_type","size","id","filename"],
                          "fields": [
                            {
                              "name": "path",
                              "rule": {"is":"text","max":512,"long":"media_not_found","empty":"media_not_found"}
                            },
                            {"name":"link","rule":{"is":"shared","rule":"shared_1"}},
                            {"name":"mime_type","rule":{"is":"shared","rule":"shared_2"}},
                            {
                              "name": "size",
                              "rule": {
                                "is": "number",
                                "min": 1,
                                "max": 104857600,
                                "whole": true,
                                "low": "media_empty",
                                "high": "media_too_large"
                              }
                            },
                            {"name":"id","rule":{"is":"text","max":256,"long":"id_too_long","empty":"id_empty"}},
                            {"name":"filename","rule":{"is":"text","max":240,"long":"filename_too_long"}}
                          ],
                          "exactly_one": {"of":["path","link","id"],"none":"media_missing","many":"media_ambiguous"},
                          "needs": {"with":"path","fields":["mime_type","size"],"fault":"field_missing"}
                        },
                        "missing": "template_parameter_empty"
                      }
                    ]
                  },
                  "location": {
                    "is": "object",
                    "names": ["type","location"],
                    "fields": [
                      {"name":"type","rule":{"is":"word","of":["location"],"fault":"value_invalid"}},
                      {
                        "name": "location",
                        "rule": {
                          "is": "object",
                          "names": ["latitude","longitude","name","address"],
                          "fields": [
                            {
                              "name": "latitude",
                              "rule": {
                                "is": "number",
                                "min": -90,
                                "max": 90,
                                "low": "latitude_invalid",
                                "high": "latitude_invalid"
                              },
                              "missing": "latitude_invalid"
                            },
                            {
                              "name": "longitude",
                              "rule": {
                                "is": "number",
                                "min": -180,
                                "max": 180,
                                "low": "longitude_invalid",
                                "high": "longitude_invalid"
                              },
                              "missing": "longitude_invalid"
                            },
                            {"name":"name","rule":{"is":"text","max":1000,"long":"place_too_long"}},
                            {"name":"address","rule":{"is":"text","max":1000,"long":"place_too_long"}}
                          ]
                        },
                        "missing": "template_parameter_empty"
                      }
                    ]
                  },
                  "product": {
                    "is": "object",
                    "names": ["type","product"],
                    "fields": [
                      {"name":"type","rule":{"is":"word","of":["product"],"fault":"value_invalid"}},
                      {
                        "name": "product",
                        "rule": {
                          "is": "object",
                          "names": ["product_retailer_id","catalog_id"],
                          "fields": [
                            {
                              "name": "product_retailer_id",
                              "rule": {"is":"text","max":256,"long":"id_too_long","empty":"id_empty"},
                              "missing": "product_missing"
                            },
                            {
                              "name": "catalog_id",
                              "rule": {"is":"text","max":256,"long":"id_too_long","empty":"id_empty"},
                              "missing": "product_missing"
                            }
                          ]
                        },
                        "missing": "template_parameter_empty"
                      }
                    ]
                  }
                }
              }
            }
          }
        ]
      }
    $rule$::jsonb
    when 'shared_14' then $rule$
      {
        "is": "object",
        "names": ["type","text","parameter_name"],
        "fields": [
          {"name":"type","rule":{"is":"word","of":["text"],"fault":"value_invalid"}},
          {
            "name": "text",
            "rule": {"is":"text","max":32768,"long":"template_parameter_too_long"},
            "missing": "template_parameter_empty"
          },
          {"name":"parameter_name","rule":{"is":"text","max":512,"long":"id_too_long","empty":"id_empty"}}
        ]
      }
    $rule$::jsonb
    when 'shared_15' then $rule$
      {
        "is": "object",
        "names": ["type","parameters"],
        "fields": [
          {"name":"type","rule":{"is":"word","of":["body"],"fault":"value_invalid"}},
          {
            "name": "parameters",
            "rule": {
              "is": "list",
              "min": 0,
              "max": 100,
              "few": "value_invalid",
              "many": "template_components_too_many",
              "of": {
                "is": "variant",
                "by": "type",
                "of": {
                  "text": {"is":"shared","rule":"shared_14"},
                  "currency": {
                    "is": "object",
                    "names": ["type","currency","parameter_name"],
                    "fields": [
                      {"name":"type","rule":{"is":"word","of":["currency"],"fault":"value_invalid"}},
                      {
                        "name": "currency",
                        "rule": {
                          "is": "object",
                          "names": ["fallback_value","code","amount_1000"],
                          "fields": [
                            {
                              "name": "fallback_value",
                              "rule": {"is":"text","max":32768,"long":"template_parameter_too_long"},
                              "missing": "template_parameter_empty"
                            },
                            {
                              "name": "code",
                              "rule": {"is":"text","max":3,"long":"id_too_long","empty":"id_empty"},
                              "missing": "field_missing"
                            },
                            {
                              "name": "amount_1000",
                              "rule": {
                                "is": "number",
                                "min": -1000000000000000,
                                "max": 1000000000000000,
                                "low": "value_invalid",
                                "high": "value_invalid"
                              },
                              "missing": "field_missing"
                            }
                          ]
                        },
                        "missing": "template_parameter_empty"
                      },
                      {"name":"parameter_name","rule":{"is":"text","max":512,"long":"id_too_long","empty":"id_empty"}}
                    ]
                  },
                  "date_time": {
                    "is": "object",
                    "names": ["type","date_time","parameter_name"],
                    "fields": [
                      {"name":"type","rule":{"is":"word","of":["date_time"],"fault":"value_invalid"}},
                      {
                        "name": "date_time",
                        "rule": {
                          "is": "object",
                          "names": [
                            "fallback_value",
                            "day_of_week",
                            "year",
                            "month",
                            "day_of_month",
                            "hour",
                            "minute",
                            "calendar",
                            "timestamp"
                          ],
                          "fields": [
                            {
                              "name": "fallback_value",
                              "rule": {"is":"text","max":32768,"long":"template_parameter_too_long"},
                              "missing": "template_parameter_empty"
                            },
                            {
                              "name": "day_of_week",
                              "rule": {
                                "is": "number",
                                "min": -1000000000000000,
                                "max": 1000000000000000,
                                "low": "value_invalid",
                                "high": "value_invalid"
                              }
                            },
                            {
                              "name": "year",
                              "rule": {
                                "is": "number",
                                "min": -1000000000000000,
                                "max": 1000000000000000,
                                "low": "value_invalid",
                                "high": "value_invalid"
                              }
                            },
                            {
                              "name": "month",
                              "rule": {
                                "is": "number",
                                "min": -1000000000000000,
                                "max": 1000000000000000,
                                "low": "value_invalid",
                                "high": "value_invalid"
                              }
                            },
                            {
                              "name": "day_of_month",
                              "rule": {
                                "is": "number",
                                "min": -1000000000000000,
                                "max": 1000000000000000,
                                "low": "value_invalid",
                                "high": "value_invalid"
                              }
                            },
                            {
                              "name": "hour",
                              "rule": {
                                "is": "number",
                                "min": -1000000000000000,
                                "max": 1000000000000000,
                                "low": "value_invalid",
                                "high": "value_invalid"
                              }
                            },
                            {
                              "name": "minute",
                              "rule": {
                                "is": "number",
                                "min": -1000000000000000,
                                "max": 1000000000000000,
                                "low": "value_invalid",
                                "high": "value_invalid"
                              }
                            },
                            {"name":"calendar","rule":{"is":"text","max":32,"long":"id_too_long","empty":"id_empty"}},
                            {
                              "name": "timestamp",
                              "rule": {
                                "is": "number",
                                "min": -1000000000000000,
                                "max": 1000000000000000,
                                "low": "value_invalid",
                                "high": "value_invalid"
                              }
                            }
                          ]
                        },
                        "missing": "template_parameter_empty"
                      },
                      {"name":"parameter_name","rule":{"is":"text","max":512,"long":"id_too_long","empty":"id_empty"}}
                    ]
                  }
                }
              }
            }
          }
        ]
      }
    $rule$::jsonb
    when 'shared_16' then $rule$
      {
        "is": "object",
        "names": ["type","sub_type","index","parameters"],
        "fields": [
          {"name":"type","rule":{"is":"word","of":["button"],"fault":"value_invalid"}},
          {
            "name": "sub_type",
            "rule": {
              "is": "word",
              "of": ["quick_reply","url","copy_code","flow","catalog","mpm","spm","voice_call"],
              "fault": "value_invalid"
            },
            "missing": "field_missing"
          },
          {"name":"index","rule":{"is":"index"},"missing":"field_missing"},
          {
            "name": "parameters",
            "rule": {
              "is": "list",
              "min": 0,
              "max": 1,
              "few": "value_invalid",
              "many": "template_components_too_many",
              "of": {
                "is": "variant",
                "by": "type",
                "of": {
                  "text": {"is":"shared","rule":"shared_14"},
                  "payload": {
                    "is": "object",
                    "names": ["type","payload"],
                    "fields": [
                      {"name":"type","rule":{"is":"word","of":["payload"],"fault":"value_invalid"}},
                      {
                        "name": "payload",
                        "rule": {"is":"text","max":32768,"long":"template_parameter_too_long"},
                        "missing": "template_parameter_empty"
                      }
                    ]
                  },
                  "coupon_code": {
                    "is": "object",
                    "names": ["type","coupon_code"],
                    "fields": [
                      {"name":"type","rule":{"is":"word","of":["coupon_code"],"fault":"value_invalid"}},
                      {
                        "name": "coupon_code",
                        "rule": {"is":"text","max":32768,"long":"template_parameter_too_long"},
                        "missing": "template_parameter_empty"
                      }
                    ]
                  },
                  "action": {
                    "is": "object",
                    "names": ["type","action"],
                    "fields": [
                      {"name":"type","rule":{"is":"word","of":["action"],"fault":"value_invalid"}},
                      {
                        "name": "action",
                        "rule": {"is":"data","fault":"template_parameter_empty"},
                        "missing": "template_parameter_empty"
                      }
                    ]
                  }
                }
              }
            }
          }
        ]
      }
    $rule$::jsonb
  end
$$;

/** What people write to a car workshop, in the order they would. Read by ../dialogue.ts. */
export const workshop = `
> Bom dia, meu carro tá fazendo um barulho na roda da frente
> [voice]
< Bom dia, {nome}! Pelo som parece rolamento ou pastilha gasta. Qual é o carro?
> Onix 2018 1.0
< Pode trazer amanhã às 8h para avaliação? Não cobramos o diagnóstico.
> Posso sim
< Agendado, {nome}. Rua dos Motores, 88. Até amanhã!
> 👍

> Quanto fica troca de óleo e filtro do HB20?
< Olá! Com óleo 5W30 sintético e filtro fica R$ 289,00, e leva uns 40 minutos.
> Dá pra fazer hoje?
< Tenho horário às 15h30. Posso reservar?
> Pode
^< Reservado em nome de {nome}.
> Obrigado!

> Boa tarde, meu carro já ficou pronto?
< Boa tarde, {nome}! Estamos terminando o alinhamento, fica pronto às 17h.
> Quanto ficou no total?
< R$ 1.240,00: kit de embreagem R$ 890,00 e mão de obra R$ 350,00. Parcelamos em até 6x.
< [document] ordem-de-servico-4471.pdf
> Beleza, passo aí umas 17h30
< Combinado! Ficamos abertos até 18h30.
> Carro tá ótimo, valeu
> [reaction] 👏

> Oi, acendeu a luz da injeção no painel
> [image]
< Oi, {nome}! O carro perdeu força ou está normal?
> Perdeu um pouco de força na subida
< Então evite rodar muito. Pode ser bobina ou vela. Consegue trazer hoje ainda?
> Só se for de guincho
< Temos parceiro com guincho, R$ 150,00 na região. Me manda a localização?
> [location] Onde estou | Av. do Estado, 3100
< O guincho chega em 35 minutos. O motorista é o Célio.
> Perfeito, obrigada!!
< Recebemos o carro, {nome}. Era a bobina do cilindro 2, trocamos por R$ 310,00. Autoriza?
> Autorizo
< Pronto! Pode retirar a partir das 16h.

> Vocês fazem revisão de 40 mil km do Corolla?
< Fazemos, {nome}! Inclui óleo, filtros, fluido de freio, velas e checagem de 32 itens. R$ 1.480,00.
> Aceita cartão em 10x?
< Em até 6x sem juros, 10x com pequena taxa.
> Vou pensar e te aviso
< Sem problema! O orçamento vale por 15 dias.

> Bom dia. Preciso de laudo cautelar, vocês fazem?
< Bom dia! Não emitimos laudo, mas indico a Vistoria Sul, de confiança.
> [reaction] 👍

> Comprei quatro pneus na internet, vocês montam?
< Montamos sim, {nome}! Montagem e balanceamento R$ 40,00 por roda, e alinhamento R$ 90,00.
> Que medida cabe no meu Fox 2012?
< A original é 195/55 R15. Confere na lateral do pneu antes de comprar 😉
> Show, valeu pela dica

> Oi! O ar-condicionado do carro não gela mais
< Oi, {nome}! Faz quanto tempo que não troca o filtro e a carga de gás?
> Nunca troquei kkkk
< Então vamos fazer a limpeza completa: R$ 260,00 com filtro, higienização e gás.
> Tem horário sábado?
< Sábado às 9h. Confirmo?
> Confirma!
< Confirmado, {nome}. Qualquer imprevisto é só avisar por aqui.

> Bateria descarregou aqui no estacionamento do mercado
> [location] Mercado Bom Preço | Rua das Palmeiras, 502
< Estou mandando o Edu com o auxiliar de partida, chega em 20 minutos.
> Ufa, obrigado
< Deu certo, {nome}? A bateria está com 4 anos, recomendo trocar.
> Ligou sim! Semana que vem passo aí pra trocar
< Fico no aguardo. A de 60 Ah está R$ 420,00 com instalação.

> Boa noite, o freio ficou com barulho depois da troca
< Boa noite, {nome}. Nos primeiros 100 km é normal um chiado leve. É constante ou só ao frear?
> Só quando freio forte
< Traz amanhã cedo que olhamos na hora, tem garantia de 90 dias.
> Ok, 8h estou aí
< Combinado!
> Resolvido, era a pastilha mal assentada. Obrigado pela atenção
> [sticker]

> Vcs trabalham com carro elétrico?
< Olá, {nome}! Por enquanto só suspensão, freios e pneus de elétricos.
> Tranquilo, era só a suspensão mesmo. BYD Dolphin
< Fazemos! Pode trazer para avaliação quarta ou quinta.
> Quarta 14h
< Agendado ✅

> Tem como mandar a nota fiscal do serviço de ontem?
< Claro, {nome}! Segue.
< [document] nfse-20871.pdf
> Recebida, obrigada
`;

/** What people write to a bakery, in the order they would. Read by ../dialogue.ts. */
export const bakery = `
> Oi, bom dia! Vocês fazem bolo de aniversário?
< Bom dia, {nome}! Fazemos sim 😊 Para quantas pessoas e para quando seria?
> Umas 20 pessoas, pra sábado que vem
> Queria de chocolate com morango
< Ótima escolha! Para 20 pessoas sugiro o de 2 kg, fica R$ 168,00. Quer alguma frase no topo?
> [image] Pensei em algo assim
< Que lindo! Conseguimos fazer igualzinho, com papel arroz. Fica R$ 190,00 no total.
> Fechado! Pode colocar "Parabéns, Alice"
< Anotado! Para confirmar pedimos 50% de sinal por Pix. A chave é o nosso CNPJ, já te mando.
> [document] comprovante-pix.pdf
< Recebido, {nome}! Seu bolo está confirmado para sábado às 14h. Obrigada! 🎂
> [reaction] ❤️

> Boa tarde, tem pão francês quentinho agora?
< Boa tarde! Sai fornada às 16h30 🥖
> Separa 15 pra mim por favor
^< Separado em seu nome, {nome}. Até já!
> Valeu!!

> Oi! Vocês entregam na Vila Mariana?
< Oi, {nome}! Entregamos sim, taxa de R$ 7,00. Pedido mínimo de R$ 35,00.
> Quero 2 pães de queijo grandes, 1 broa e 1 café coado
> [location] Casa | Rua Domingos de Morais, 1420
< Perfeito! Deu R$ 41,50 com a entrega. Vai pagar na maquininha ou Pix?
> Pix
< Combinado. Chega em uns 40 minutos 🛵
> Chegou tudo quentinho, muito obrigada!
< Que bom! Bom apetite ☕

> Bom dia, o pão integral de ontem veio muito duro :(
> [image]
< Bom dia, {nome}. Puxa, sinto muito por isso! Você lembra que horas comprou?
> Umas 18h
< Entendi, devia ser da fornada da manhã. Passa aqui que trocamos por um fresquinho, por nossa conta.
> Ah que ótimo, passo hoje à tarde. Obrigado pela atenção
< Nós que agradecemos por avisar! Peça para falar com {agente}.

> Olá, gostaria de um orçamento de coffee break para 35 pessoas
< Olá, {nome}! Claro. Para qual data e em que bairro?
> Dia 12, na Av. Paulista. Começa 9h30
< Temos duas opções: básica (R$ 24 por pessoa) com salgados, mini pães, bolo e suco; e completa (R$ 34) com frios, frutas e café especial.
> A completa parece melhor. Tem opção vegana?
< Temos! Esfiha de espinafre, pão de batata sem leite e bolo de banana com aveia. Posso incluir para quantas pessoas?
> 6 veganos
< Anotado. Segue o orçamento.
< [document] orcamento-coffee-break.pdf
> Vou aprovar com o financeiro e te retorno
< Combinado, {nome}! Guardo a data até sexta.

> [voice]
< Bom dia, seu pedido de sempre? 6 pães e um leite?
> Isso mesmo kkk
< Já está separado 😄

> Vocês têm panetone esse ano?
< Teremos a partir da semana que vem, {nome}! Tradicional, chocolate e goiabada.
> Aceita encomenda?
< Aceitamos. O de 500 g sai por R$ 42,00 e o de 1 kg por R$ 76,00.
> Quero 3 de chocolate de 500g e 2 tradicionais
< Anotado: 3 de chocolate e 2 tradicionais. Aviso assim que saírem do forno!
> [sticker]

> Oi, esqueci um guarda-chuva aí hoje cedo, alguém achou?
< Oi, {nome}! É um preto com cabo de madeira?
> Esse mesmo!!
< Está guardado no caixa, pode vir buscar até 20h.
> Ufa, obrigada. Vou passar na volta do trabalho

> Qual o horário de vocês no feriado?
< Olá! No feriado abrimos das 6h às 13h.
> Obrigado!

> Boa noite, vocês fazem bolo sem açúcar? Minha mãe é diabética
< Boa noite, {nome}! Fazemos com xilitol: maçã com canela, coco e chocolate 70%.
> Qual o valor do de maçã?
< O de 1 kg fica R$ 89,00. Precisa encomendar com 48 h de antecedência.
> Perfeito, quero um pra quinta
< Anotado para quinta a partir das 10h. Pode pagar na retirada.
> Obrigada, vocês são demais
> [reaction] 🙏

> Bom dia! Trabalham com kit lanche para escola?
< Bom dia! Sim, {nome}. O kit tem pão de queijo, fruta, bolinho e suco: R$ 14,90.
> Preciso de 28 pra sexta às 9h na escola Mundo Novo
< Conseguimos entregar. Total R$ 417,20. Pode me passar o endereço?
> [contact] Coordenação Mundo Novo | +55 11 99876-1200
< Obrigada, já falo com a coordenação e confirmo por aqui.
> Show

> Ainda tem sonho de creme?
< Tem sim! Acabaram de sair 😋
> Guarda 4 por favor, chego em 10 min
< Guardados!

> Oi, queria saber se tem vaga de atendente
< Oi, {nome}! No momento temos uma vaga para o turno da tarde.
> Que legal, posso mandar meu currículo?
< Pode mandar por aqui mesmo.
> [document] curriculo.pdf
< Recebido! A {agente} vai analisar e te chamamos até semana que vem.
> Fico no aguardo, obrigada pela oportunidade

> Boa tarde, meu pedido não chegou ainda
> Já faz 1h30
< Boa tarde, {nome}. Desculpe pela demora! Vou verificar com o entregador agora mesmo.
< Ele está a 5 minutos daí, pegou muito trânsito. Vou estornar a taxa de entrega.
> Chegou agora. Obrigado por resolver
< Imagina! Na próxima o café é por nossa conta ☕
`;

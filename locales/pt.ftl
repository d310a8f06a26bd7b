# Português

language-name = Português
on = sim
off = não

## Coming in

welcome =
    Boas-vindas, { $name }.

    Escreva o nome de um filme ou de uma série para buscar aqui, ou assista a tudo no Stremio.
welcome-owner = Encaminhe um filme ou um episódio para o seu canal e, num instante, ele estará no Stremio.
welcome-files = Envie ou encaminhe qualquer arquivo para mim e você recebe um link para ele.
welcome-install =
    Instalar no Stremio:
    { $link }

    O link é só seu: quem estiver com ele assiste em seu nome.
only-this-machine = Estes links só abrem no computador em que o Cinepost está rodando; defina BASE_URL para chegar até ele a partir de outros.
stranger =
    Este é o Cinepost, um cinema feito de um canal do Telegram.

    Ele é de outra pessoa; peça um convite a ela.
stranger-no-owner =
    Este é o Cinepost, um cinema feito de um canal do Telegram.

    Se ele é seu: defina OWNER_ID como { $id }, e eu conto o que foi adicionado e o que precisa da sua ajuda, e deixo você entrar.
join-waits = Você vai poder entrar assim que alguém aprovar; eu aviso.
barred = Esta conta não pode entrar aqui.
must-join = Primeiro entre nestes canais e depois toque no botão abaixo deles.
button-joined = Já entrei
button-install = Instalar no Stremio
button-page = Abrir sua página
button-review = Abrir a revisão

## Help

help = Escreva um nome para buscar na biblioteca. Além disso, eu conheço:
help-start = seus links
help-help = esta lista
help-search = buscar na biblioteca
help-myfiles = seus arquivos; com palavras depois, os que têm esse nome
help-folders = suas pastas
help-newfolder = criar uma pasta
help-file = mostrar um arquivo pelo número
help-rename = renomear um arquivo, em resposta a ele
help-delete = apagar um arquivo, em resposta a ele
help-link = em resposta a um arquivo: o link dele; com um número, os links dessa quantidade a partir dali
help-web = sua página, sem senha
help-stats = seus números
help-settings = idioma, histórico, novidades
help-status = como está a biblioteca
help-log = o fim do registro em um arquivo, sem segredos; com um número, essa quantidade de linhas
help-users = todas as pessoas que podem estar aqui
help-invite = convidar alguém
help-ban = bloquear alguém
help-unban = deixar alguém voltar
help-broadcast = escrever a todas as pessoas que querem novidades: as palavras depois, ou em resposta à mensagem que deve sair
help-cancel = desfazer o que começou: minha pergunta, um envio a todos
unknown-command = Não conheço /{ $word }. Em /help você vê o que eu conheço.
not-allowed = Você não pode fazer isso aqui.
no-database = Não dá para acessar o banco de dados agora; tente de novo em um minuto.
telegram-failed = O Telegram não fez isso agora; tente de novo em um minuto.
cannot = Não dá para fazer isso: { $why }.
button-old = Este botão é antigo demais ou nunca foi meu.
button-back = ‹ Voltar

## Their page, what they choose, their figures

web = Este botão abre sua página uma única vez, nos próximos { $minutes } minutos.
web-guest = Seus links:
settings = Que idioma devo falar e o que posso fazer?
button-history = Lembrar o que vejo: { $state }
button-news = Novidades: { $state }
button-erase-history = Apagar meu histórico
history-erase = Tudo o que está lembrado do que você assistiu vai sumir. Quer continuar?
history-erased = O histórico foi apagado.
button-erase = Apagar
stats-person = { $role }, aqui desde { $since }
stats-expires = O acesso termina em { $when }.
stats-files =
    { $count ->
        [0] Nenhum arquivo ainda
        [one] Um arquivo, { $size }
       *[other] { $count } arquivos, { $size }
    }
stats-library =
    A biblioteca: { $films ->
        [0] nenhum filme
        [one] um filme
       *[other] { $films } filmes
    }, { $series ->
        [0] nenhuma série
        [one] uma série
       *[other] { $series } séries
    }, { $files ->
        [0] nenhum arquivo
        [one] um arquivo
       *[other] { $files } arquivos
    }.
status-pending =
    { $count ->
        [0] Nenhum arquivo está sendo identificado.
        [one] Um arquivo está sendo identificado.
       *[other] { $count } arquivos estão sendo identificados.
    }
status-review =
    { $count ->
        [0] Nenhum arquivo para revisar.
        [one] Um arquivo para revisar.
       *[other] { $count } arquivos para revisar.
    }
status-waiting =
    { $count ->
        [0] Ninguém espera para entrar: /users
        [one] Uma pessoa espera para entrar: /users
       *[other] { $count } pessoas esperam para entrar: /users
    }

## Search

search-how = Escreva o que você procura, por exemplo: /search night of the living dead
search-found = Resultados para “{ $words }”:
search-nothing = Não há nada chamado “{ $words }” aqui.
title-gone = Este título não está mais aqui.
title-no-files = Os arquivos dele não estão mais aqui.
season = Temporada { $number }
button-watch = Assistir

## Files

files-top = Seus arquivos
files-none = Ainda não há nada aqui. Envie ou encaminhe qualquer arquivo para mim.
files-found =
    { $count ->
        [0] Nenhum arquivo.
        [one] Um arquivo:
       *[other] { $count } arquivos:
    }
files-not-found = Nenhum dos seus arquivos se chama “{ $words }”.
file-number = nº { $number }
file-in-folder = Em { $path }
file-ends = O link expira em { $when }.
file-ended = O link expirou. O arquivo será apagado em { $when }, a menos que receba outro prazo.
file-most =
    { $count ->
        [0] Sem downloads.
        [one] Para um download.
       *[other] Para { $count } downloads.
    }
file-has-password = Com senha.
file-served = Downloads: { $downloads }; reproduções: { $streams }.
file-new-name = Como “{ $name }” vai se chamar? Escreva o novo nome.
file-new-password = Que senha “{ $name }” deve pedir? Escreva uma de pelo menos quatro caracteres e depois apague sua mensagem.
file-expiry = Quando o link deve expirar? { $days } dias depois o arquivo é apagado, a menos que receba outro prazo.
file-limits = Quantas vezes ele pode ser baixado a partir de agora?
file-delete = O arquivo e o link dele vão sumir para todo mundo. Quer continuar?
file-deleted = “{ $name }” foi apagado.
file-where = Para onde ele vai?
file-how = Escreva o número de um arquivo depois, por exemplo: /file 12
rename-how = Responda com /rename e o novo nome ao arquivo que você enviou, ou escreva o número dele antes: /rename 12 Novo nome
delete-how = Responda com /delete ao arquivo que você enviou, ou escreva o número dele: /delete 12
link-how = Responda com /link a uma mensagem que tenha um arquivo, ou com /link 5 para ele e os seguintes (no máximo 50).
link-no-files = Não há nenhum arquivo na mensagem que você respondeu.
file-protected = Quem publicou este arquivo não permite copiá-lo.
file-type-refused = O dono não aceita aqui arquivos deste tipo: { $type }.
file-scanning = Primeiro o antivírus o examina. Isso pode levar um minuto …
file-scan-refused = O antivírus recusa este arquivo.
file-scan-refused-because = O antivírus recusa este arquivo: { $why }
file-not-scanned = O antivírus não conseguiu examinar este arquivo, por isso ele não é guardado. Tente de novo mais tarde; o dono encontra o motivo no log.
file-is-clean = O antivírus não encontrou nada nele.
file-is-unscanned = O antivírus não conseguiu examiná-lo.
file-waits = Não dá para acessar o banco de dados agora. Vou continuar tentando por um minuto; se nenhum link chegar, envie o arquivo de novo.
file-message-gone = A mensagem com este arquivo não existe mais.
no-storage = Não dá para guardar arquivos aqui: o dono não definiu STORAGE_CHANNEL.
storage-shut = Não dá para guardar arquivos aqui agora: não posso publicar no canal de armazenamento. O dono precisa me tornar administrador lá.
no-such-file = Você não tem esse arquivo.
no-such-folder = Você não tem essa pasta.
name-bad = Um nome precisa ter de 1 a 120 caracteres.
password-bad = Uma senha precisa ter de 4 a 200 caracteres.
folder-name = Como a pasta vai se chamar? Escreva o nome dela.
folder-taken = Já existe uma pasta chamada “{ $name }”.
folder-not-empty = Há algo nesta pasta. Mova ou apague primeiro.
folder-too-deep = As pastas não podem ir mais fundo do que isso.
folder-in-itself = Uma pasta não pode ficar dentro dela mesma.
library-coming = A caminho da biblioteca.
library-no-channel = Nenhum canal está sendo acompanhado, então nada pode chegar à biblioteca.
kind-video = vídeo
kind-animation = animação
kind-audio = música
kind-voice = mensagem de voz
kind-photo = foto
kind-document = documento
in-hours =
    { $count ->
        [one] { $count } hora
       *[other] { $count } horas
    }
in-days =
    { $count ->
        [one] { $count } dia
       *[other] { $count } dias
    }
never = Nunca
as-often = Sem limite
button-download = Baixar
button-play = Reproduzir
button-players = Players
button-web-player = ▶ Reproduzir em { $player }
button-copy = Copiar o link
button-rename = Renomear
button-move = Mover
button-expiry = Validade …
button-limits = Limites …
button-library = Para a biblioteca
button-delete = Apagar
button-delete-now = Apagar de vez
button-password = Definir senha
button-no-password = Remover a senha
button-new-link = Novo link
button-new-folder = Nova pasta
button-here = Aqui: { $folder }
button-up = ‹ Subir

## People

users =
    { $count ->
        [0] Ninguém.
        [one] Uma pessoa.
       *[other] { $count } pessoas.
    }
role-owner = dono
role-admin = admin
role-member = membro
role-guest = convidado
person-active = Última vez aqui: { $when }
no-such-person = Essa pessoa não está mais aqui.
invite-how = Escreva para quem é, por exemplo: /invite member, /invite guest 5 30d (cinco convidados, dentro de trinta dias)
invited =
    { $count ->
        [one] A primeira pessoa que abrir isto até { $until } entra como { $role }:
       *[other] As primeiras { $count } pessoas que abrirem isto até { $until } entram como { $role }:
    }
    { $link }
ban-how = Escreva quem é, pelo nome ou pelo número, de modo que só possa ser uma pessoa: /ban Anna
button-approve = Deixar entrar
button-decline = Recusar
button-role = Tornar { $role }
button-pause = Pausar
button-ban = Bloquear
button-enable = Deixar voltar
button-renew = Renovar os links

## Broadcasts

broadcast-how = Escreva depois o que todos devem ler, por exemplo: /broadcast Hoje às oito. Ou responda a uma mensagem com /broadcast, e ela sai como está.
broadcast-nobody = Não há ninguém aqui que queira novidades.
broadcast-ask =
    { $count ->
        [0] Isto não vai para ninguém. Devo enviar?
        [one] Isto vai para uma pessoa. Devo enviar?
       *[other] Isto vai para { $count } pessoas. Devo enviar?
    }
button-broadcast = Enviar
button-no-broadcast = Não enviar
broadcast-dropped = Não foi enviado.
broadcast-begins = Está a caminho; esta mensagem diz como vai.
broadcast-sending = Enviando: { $done } de { $count }.
button-stop = Parar
broadcast-stopping = Está sendo interrompido.
broadcast-done = Enviado. Chegou a { $reached } de { $count }.
broadcast-stopped = Interrompido. Chegou a { $reached } de { $count }.
broadcast-failed = Não dá para continuar: { $why }. Chegou a { $reached } de { $count }.
broadcast-message-gone = a mensagem que devia sair não existe mais
broadcast-protected = a mensagem que devia sair não pode ser copiada
broadcast-blocked = Me bloquearam ({ $count }): { $names }
broadcast-not-started = Nunca tocaram em Iniciar ou saíram do Telegram ({ $count }): { $names }
broadcast-unreached = Não recebeu, o registro diz por quê ({ $count }): { $names }
names-and-more = { $names } e mais { $count }
question-dropped = Esqueci a pergunta.
nothing-to-cancel = Não há nada para desfazer.

## Limits, and who may come in

limit-day = Seus { $size } de hoje acabaram. Continua { $wait }.
limit-day-all = Os { $size } de hoje para todos juntos acabaram. Continua { $wait }.
limit-month = Seus { $size } deste mês acabaram. Continua { $wait }.
limit-month-all = Os { $size } deste mês para todos juntos acabaram. Continua { $wait }.
limit-streams =
    { $count ->
        [one] Você pode assistir a um arquivo por vez. Continua quando ele terminar.
       *[other] Você pode assistir a { $count } arquivos por vez. Continua quando um deles terminar.
    }
limit-streams-all =
    { $count ->
        [one] Todos juntos podem assistir a um arquivo por vez. Continua quando ele terminar.
       *[other] Todos juntos podem assistir a { $count } arquivos por vez. Continua quando um deles terminar.
    }
limit-file = Você pode ter arquivos de até { $size }. Peça mais a quem cuida deste Cinepost.
limit-links =
    { $count ->
        [one] Você pode criar um link por dia e já criou. Continua { $wait }.
       *[other] Você pode criar { $count } links por dia e já criou. Continua { $wait }.
    }
limit-requests = Rápido demais. Continua { $wait }.
limit-guesses = Chegaram daqui links ou códigos errados demais. Tente de novo { $wait }.
wait-days =
    { $count ->
        [one] em { $count } dia
       *[other] em { $count } dias
    }
wait-hours = em { $hours } h { $minutes } min
wait-minutes = em { $count } min
wait-seconds = em { $count } s
access-removed = Este acesso foi retirado.
access-pending = Este acesso espera que alguém o aprove.
access-paused = Este acesso está em pausa.
access-paused-until = Este acesso está em pausa até { $until }.
access-banned = Este acesso foi retirado.
access-banned-until = Este acesso foi retirado até { $until }.
access-expired = Este acesso terminou em { $when }.
with-reason = { $words } O motivo: { $reason }
invitation-over = Este convite já foi usado, expirou ou foi cancelado. Peça um novo.
invitation-not-yours = Este convite é para outra pessoa; você já tem seu próprio acesso.
too-many-waiting = Há pessoas demais esperando para entrar. Tente de novo amanhã.
person-name-bad = Um nome são letras, números e espaços em uma linha, no máximo 40.
person-name-taken = Alguém já se chama { $name }. Escolha outro nome.
person-account-taken = A conta do Telegram { $account } já é de { $name }.
person-unknown = Ninguém aqui se chama “{ $name }”. Em /users estão todas as pessoas.
person-owner = O dono não pode ser removido, pausado, bloqueado, limitado nem ter outro papel.
person-one-owner = Há um só dono. Os papéis que podem ser dados são admin, membro e convidado.
person-makes-admin = Só o dono nomeia admins.
person-not-waiting = { $name } não espera para entrar.
person-not-kept-out = { $name } não está em pausa nem sob bloqueio.
person-contended = Outras pessoas mudavam { $name } no mesmo momento. Tente de novo.
no-code-left = Há códigos demais em uso. Tente de novo em alguns minutos.
log-no-file = O registro não é guardado em um arquivo: defina LOG_FILE, por exemplo data/cinepost.log, e inicie o programa de novo.
log-unreadable = Não dá para ler o registro: { $problem }.
log-file = O fim do registro, sem segredos.
log-empty = Ainda não há nada no registro.

## The page behind a file's link

share-open-in = Abrir em um player
share-link = Links
share-direct = Para players e gerenciadores de download
share-this-page = Esta página
share-copy = Copiar
share-scan = Escanear com um celular
share-no-video = Este navegador não reproduz este tipo de arquivo; abra em um player.
share-locked = Este arquivo está bloqueado
share-ask = Quem enviou o link para você sabe a senha.
share-wrong = Essa não é a senha.
share-password = Senha
share-unlock = Abrir

## Files that need a hand

review-chosen =
    { $file }
    é agora { $title }.
review-ignored =
    { $file }
    já não aparece em lista nenhuma.
review-again =
    { $file }
    está sendo procurado de novo.
review-no-file = Esse arquivo não está mais aqui.
review-no-episode = { $title } é uma série, e o arquivo não diz qual episódio é. Abra a revisão para indicar.
review-no-provider = O provedor de metadados não responde agora. Tente de novo em um minuto.
review-unknown-title = O provedor de metadados não conhece mais esse título.
review-on-the-page = Isto não pode ser decidido com um botão. Abra a revisão.
button-ignore = Ignorar
button-take-back = Desfazer

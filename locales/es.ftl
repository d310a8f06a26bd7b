# Español

language-name = Español
on = sí
off = no

## Coming in

welcome =
    Te doy la bienvenida, { $name }.

    Escribe el nombre de una película o de una serie para buscarla aquí, o míralo todo en Stremio.
welcome-owner = Reenvía una película o un episodio a tu canal y en un momento estará en Stremio.
welcome-files = Envíame o reenvíame cualquier archivo y te daré un enlace.
welcome-install =
    Instalar en Stremio:
    { $link }

    El enlace es solo tuyo: quien lo tenga mira en tu nombre.
only-this-machine = Estos enlaces solo se abren en el equipo donde funciona Cinepost; define BASE_URL para llegar a él desde otros.
stranger =
    Esto es Cinepost, un cine hecho con un canal de Telegram.

    Es de otra persona; pídele una invitación.
stranger-no-owner =
    Esto es Cinepost, un cine hecho con un canal de Telegram.

    Si es tuyo: pon { $id } en OWNER_ID, y te contaré qué se ha añadido y qué necesita tu ayuda, y te dejaré entrar.
join-waits = Podrás entrar en cuanto alguien lo apruebe; te avisaré.
barred = Esta cuenta no puede entrar aquí.
must-join = Únete primero a estos canales y luego pulsa el botón de abajo.
button-joined = Ya me uní
button-install = Instalar en Stremio
button-page = Abrir tu página
button-review = Revisar pendientes

## Help

help = Escribe un nombre para buscarlo en la biblioteca. Además conozco esto:
help-start = tus enlaces
help-help = esta lista
help-search = buscar en la biblioteca
help-myfiles = tus archivos; con palabras detrás, los que se llaman así
help-folders = tus carpetas
help-newfolder = crear una carpeta
help-file = mostrar un archivo por su número
help-rename = cambiar el nombre de un archivo, respondiendo a él
help-delete = eliminar un archivo, respondiendo a él
help-link = respondiendo a un archivo: su enlace; con un número, los enlaces de esa cantidad de archivos a partir de ahí
help-web = tu página, sin contraseña
help-stats = tus cifras
help-settings = idioma, historial, novedades
help-status = cómo está la biblioteca
help-log = el final del registro en un archivo, sin secretos; con un número, esa cantidad de líneas
help-users = todas las personas que pueden estar aquí
help-invite = invitar a alguien
help-ban = bloquear a alguien
help-unban = dejar que alguien vuelva
help-broadcast = escribir a todas las personas que quieren novedades: las palabras detrás, o respondiendo al mensaje que debe salir
help-cancel = anular lo empezado: mi pregunta, un envío a todos
unknown-command = No conozco /{ $word }. En /help verás lo que conozco.
not-allowed = Aquí no puedes hacer eso.
no-database = Ahora mismo no se puede acceder a la base de datos; inténtalo de nuevo en un minuto.
telegram-failed = Telegram no pudo hacerlo en este momento; inténtalo de nuevo en un minuto.
cannot = No se puede hacer: { $why }.
button-old = Este botón es demasiado antiguo o nunca fue mío.
button-back = ‹ Volver

## Their page, what they choose, their figures

web = Este botón abre tu página una sola vez, en los próximos { $minutes } minutos.
web-guest = Tus enlaces:
settings = ¿En qué idioma te hablo y qué me permites hacer?
button-history = Guardar historial: { $state }
button-news = Novedades: { $state }
button-erase-history = Borrar mi historial
history-erase = Se borrará todo lo que se recuerda de lo que has visto. ¿Quieres seguir?
history-erased = El historial está borrado.
button-erase = Borrar
stats-person = { $role }, aquí desde { $since }
stats-expires = El acceso termina el { $when }.
stats-files =
    { $count ->
        [0] Todavía no hay archivos
        [one] Un archivo, { $size }
       *[other] { $count } archivos, { $size }
    }
stats-library =
    La biblioteca: { $films ->
        [one] una película
       *[other] { $films } películas
    }, { $series ->
        [one] una serie
       *[other] { $series } series
    }, { $files ->
        [one] un archivo
       *[other] { $files } archivos
    }.
status-pending =
    { $count ->
        [one] Se está identificando un archivo.
       *[other] Se están identificando { $count } archivos.
    }
status-review =
    { $count ->
        [one] Un archivo por revisar.
       *[other] { $count } archivos por revisar.
    }
status-waiting =
    { $count ->
        [one] Una persona espera para entrar: /users
       *[other] { $count } personas esperan para entrar: /users
    }

## Search

search-how = Escribe lo que buscas, por ejemplo: /search night of the living dead
search-found = Resultados de «{ $words }»:
search-nothing = Aquí no hay nada que se llame «{ $words }».
title-gone = Este título ya no está aquí.
title-no-files = Sus archivos ya no están aquí.
season = Temporada { $number }
button-watch = Ver

## Files

files-top = Tus archivos
files-none = Aquí todavía no hay nada. Envíame o reenvíame cualquier archivo.
files-found =
    { $count ->
        [one] Un archivo:
       *[other] { $count } archivos:
    }
files-not-found = Ninguno de tus archivos se llama «{ $words }».
file-number = n.º { $number }
file-in-folder = En { $path }
file-ends = El enlace caduca el { $when }.
file-ended = El enlace ha caducado. El archivo se borra el { $when }, salvo que le pongas otro final.
file-most =
    { $count ->
        [one] Para una descarga.
       *[other] Para { $count } descargas.
    }
file-has-password = Con contraseña.
file-served = Descargas: { $downloads }; reproducciones: { $streams }.
file-new-name = ¿Cómo se llamará «{ $name }»? Escribe el nombre nuevo.
file-new-password = ¿Qué contraseña debe pedir «{ $name }»? Escribe una de al menos cuatro caracteres y después borra tu mensaje.
file-expiry = ¿Cuándo debe caducar el enlace? { $days } días después se borra el archivo, salvo que le pongas otro final.
file-limits = ¿Cuántas veces se podrá descargar a partir de ahora?
file-delete = El archivo y su enlace desaparecerán para todo el mundo. ¿Quieres seguir?
file-deleted = Se ha eliminado «{ $name }».
file-where = ¿Adónde lo muevo?
file-how = Escribe detrás el número de un archivo, por ejemplo: /file 12
rename-how = Responde con /rename y el nombre nuevo al archivo que enviaste, o escribe antes su número: /rename 12 Nombre nuevo
delete-how = Responde con /delete al archivo que enviaste, o escribe su número: /delete 12
link-how = Responde con /link a un mensaje que tenga un archivo, o con /link 5 para ese y los siguientes (50 como máximo).
link-no-files = No hay ningún archivo en el mensaje al que respondiste.
file-protected = Quien publicó este archivo no permite copiarlo.
file-type-refused = El propietario no acepta aquí archivos de este tipo: { $type }.
file-scanning = Primero la revisa el antivirus. Puede tardar un minuto …
file-scan-refused = El antivirus rechaza este archivo.
file-scan-refused-because = El antivirus rechaza este archivo: { $why }
file-not-scanned = El antivirus no pudo revisar este archivo, así que no se guarda. Inténtalo más tarde; el propietario encuentra el motivo en el registro.
file-is-clean = El antivirus no encontró nada en él.
file-is-unscanned = El antivirus no pudo revisarlo.
file-waits = Ahora mismo no se puede acceder a la base de datos. Seguiré intentándolo durante un minuto; si no llega ningún enlace, envía el archivo otra vez.
file-message-gone = El mensaje con este archivo ya no existe.
no-storage = Aquí no se pueden guardar archivos: el propietario no ha definido STORAGE_CHANNEL.
storage-shut = Ahora mismo no se pueden guardar archivos aquí: no puedo publicar en el canal de almacenamiento. El propietario tiene que hacerme administrador allí.
no-such-file = No tienes ese archivo.
no-such-folder = No tienes esa carpeta.
name-bad = Un nombre debe tener entre 1 y 120 caracteres.
password-bad = Una contraseña debe tener entre 4 y 200 caracteres.
folder-name = ¿Cómo se llamará la carpeta? Escribe su nombre.
folder-taken = Ya hay una carpeta llamada «{ $name }».
folder-not-empty = Hay algo en esta carpeta. Muévelo o elimínalo primero.
folder-too-deep = No puede haber carpetas a más profundidad.
folder-in-itself = Una carpeta no puede estar dentro de sí misma.
library-coming = De camino a la biblioteca.
library-no-channel = No se sigue ningún canal, así que nada puede llegar a la biblioteca.
kind-video = video
kind-animation = animación
kind-audio = música
kind-voice = mensaje de voz
kind-photo = foto
kind-document = documento
in-hours =
    { $count ->
        [one] 1 hora
       *[other] { $count } horas
    }
in-days =
    { $count ->
        [one] 1 día
       *[other] { $count } días
    }
never = Nunca
as-often = Sin límite
button-download = Descargar
button-play = Reproducir
button-players = Reproductores
button-web-player = ▶ Reproducir en { $player }
button-copy = Copiar el enlace
button-rename = Cambiar nombre
button-move = Mover
button-expiry = Caducidad …
button-limits = Límites …
button-library = A la biblioteca
button-delete = Eliminar
button-delete-now = Eliminar del todo
button-password = Poner contraseña
button-no-password = Quitar contraseña
button-new-link = Nuevo enlace
button-new-folder = Nueva carpeta
button-here = Aquí: { $folder }
button-up = ‹ Subir

## People

users =
    { $count ->
        [one] Una persona.
       *[other] { $count } personas.
    }
role-owner = propietario
role-admin = admin
role-member = miembro
role-guest = invitado
person-active = Última vez aquí: { $when }
no-such-person = Esta persona ya no está aquí.
invite-how = Escribe para quién es, por ejemplo: /invite member, /invite guest 5 30d (cinco invitados, en un plazo de treinta días)
invited =
    { $count ->
        [one] La primera persona que abra esto hasta el { $until } entra como { $role }:
       *[other] Las primeras { $count } personas que abran esto hasta el { $until } entran como { $role }:
    }
    { $link }
ban-how = Escribe quién es, por nombre o por número, de modo que solo pueda ser una persona: /ban Anna
button-approve = Dejar entrar
button-decline = Rechazar
button-role = Hacer { $role }
button-pause = Pausar
button-ban = Bloquear
button-enable = Dejar volver
button-renew = Renovar los enlaces

## Broadcasts

broadcast-how = Escribe detrás lo que deben leer todos, por ejemplo: /broadcast Esta noche a las ocho. O responde a un mensaje con /broadcast, y saldrá tal como es.
broadcast-nobody = Aquí no hay nadie que quiera novedades.
broadcast-ask =
    { $count ->
        [one] Esto llegará a una persona. ¿Lo envío?
       *[other] Esto llegará a { $count } personas. ¿Lo envío?
    }
button-broadcast = Enviar
button-no-broadcast = No enviar
broadcast-dropped = No se ha enviado.
broadcast-begins = Está en camino; este mensaje dirá cómo va.
broadcast-sending = Enviando: { $done } de { $count }.
button-stop = Detener
broadcast-stopping = Se está deteniendo.
broadcast-done = Enviado. Ha llegado a { $reached } de { $count }.
broadcast-stopped = Detenido. Ha llegado a { $reached } de { $count }.
broadcast-failed = No puede seguir: { $why }. Ha llegado a { $reached } de { $count }.
broadcast-message-gone = el mensaje que debía salir ya no existe
broadcast-protected = el mensaje que debía salir no se puede copiar
broadcast-blocked = Me han bloqueado ({ $count }): { $names }
broadcast-not-started = Nunca pulsaron Iniciar o dejaron Telegram ({ $count }): { $names }
broadcast-unreached = No les ha llegado, el registro dice por qué ({ $count }): { $names }
names-and-more = { $names } y { $count } más
question-dropped = He olvidado la pregunta.
nothing-to-cancel = No hay nada que anular.

## Limits, and who may come in

limit-day = Has gastado tus { $size } de hoy. Se podrá seguir { $wait }.
limit-day-all = Entre todos se han gastado los { $size } de hoy. Se podrá seguir { $wait }.
limit-month = Has gastado tus { $size } de este mes. Se podrá seguir { $wait }.
limit-month-all = Entre todos se han gastado los { $size } de este mes. Se podrá seguir { $wait }.
limit-streams =
    { $count ->
        [one] Puedes ver un archivo a la vez. Se podrá seguir cuando termine.
       *[other] Puedes ver { $count } archivos a la vez. Se podrá seguir cuando termine uno de ellos.
    }
limit-streams-all =
    { $count ->
        [one] Entre todos se puede ver un archivo a la vez. Se podrá seguir cuando termine.
       *[other] Entre todos se pueden ver { $count } archivos a la vez. Se podrá seguir cuando termine uno de ellos.
    }
limit-file = Puedes tener archivos de hasta { $size }. Pide más a quien lleva este Cinepost.
limit-links =
    { $count ->
        [one] Puedes crear un enlace al día y ya lo has hecho. Se podrá seguir { $wait }.
       *[other] Puedes crear { $count } enlaces al día y ya lo has hecho. Se podrá seguir { $wait }.
    }
limit-requests = Demasiado rápido. Se podrá seguir { $wait }.
limit-guesses = Desde aquí han llegado demasiados enlaces o códigos falsos. Inténtalo de nuevo { $wait }.
wait-days =
    { $count ->
        [one] en un día
       *[other] en { $count } días
    }
wait-hours = en { $hours } h { $minutes } min
wait-minutes = en { $count } min
wait-seconds = en { $count } s
access-removed = Este acceso se ha retirado.
access-pending = Este acceso espera a que alguien lo apruebe.
access-paused = Este acceso está en pausa.
access-paused-until = Este acceso está en pausa hasta el { $until }.
access-banned = Este acceso se ha retirado.
access-banned-until = Este acceso se ha retirado hasta el { $until }.
access-expired = Este acceso terminó el { $when }.
with-reason = { $words } El motivo: { $reason }
invitation-over = Esta invitación se ha usado, ha caducado o se ha anulado. Pide una nueva.
invitation-not-yours = Esta invitación es para otra persona; tú ya tienes tu propio acceso.
too-many-waiting = Hay demasiadas personas esperando para entrar. Inténtalo de nuevo mañana.
person-name-bad = Un nombre son letras, cifras y espacios en una línea, 40 como máximo.
person-name-taken = Alguien se llama ya { $name }. Elige otro nombre.
person-account-taken = La cuenta de Telegram { $account } ya es de { $name }.
person-unknown = Aquí nadie se llama «{ $name }». En /users están todas las personas.
person-owner = Al propietario no se le puede quitar, pausar, bloquear, limitar ni cambiar de papel.
person-one-owner = Hay un solo propietario. Los papeles que se pueden dar son admin, miembro e invitado.
person-makes-admin = Solo el propietario nombra admins.
person-not-waiting = { $name } no espera para entrar.
person-not-kept-out = { $name } no está en pausa ni bloqueo.
person-contended = Otras personas cambiaban a { $name } en el mismo momento. Inténtalo de nuevo.
no-code-left = Hay demasiados códigos en uso. Inténtalo de nuevo en unos minutos.
log-no-file = El registro no se guarda en un archivo: define LOG_FILE, por ejemplo data/cinepost.log, y vuelve a iniciar el programa.
log-unreadable = No se puede leer el registro: { $problem }.
log-file = El final del registro, sin secretos.
log-empty = Todavía no hay nada en el registro.

## The page behind a file's link

share-open-in = Abrir en un reproductor
share-link = Enlaces
share-direct = Para reproductores y gestores de descargas
share-this-page = Esta página
share-copy = Copiar
share-scan = Escanear con un teléfono
share-no-video = Este navegador no reproduce este tipo de archivo; ábrelo en un reproductor.
share-locked = Este archivo está bloqueado
share-ask = Quien te envió el enlace conoce la contraseña.
share-wrong = Esa no es la contraseña.
share-password = Contraseña
share-unlock = Abrir

## Files that need a hand

review-chosen =
    { $file }
    es ahora { $title }.
review-ignored =
    { $file }
    ya no aparece en ninguna lista.
review-again =
    { $file }
    se busca de nuevo.
review-no-file = Ese archivo ya no está aquí.
review-no-episode = { $title } es una serie, y el archivo no dice qué episodio es. Abre la página de pendientes para indicarlo.
review-no-provider = El proveedor de metadatos no responde en este momento. Inténtalo de nuevo en un minuto.
review-unknown-title = El proveedor de metadatos ya no conoce ese título.
review-on-the-page = Esto no se puede decidir con un botón. Abre la página de pendientes.
button-ignore = Ignorar
button-take-back = Deshacer

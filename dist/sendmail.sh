# Sourced by the launcher when it is called as sendmail or newaliases (or told "sendmail" as its
# command). Nothing here starts Java: a message goes into the drop folder, where the server finds it, now
# or when it runs again. docs/design/sendmail.md says why and how; exit codes are those of sysexits.h.

# The caller may be a program with rights that its user has not.
PATH=/usr/local/bin:/usr/bin:/bin
LC_ALL=C
export PATH LC_ALL
umask 027

readonly EX_USAGE=64 EX_UNAVAILABLE=69 EX_TEMPFAIL=75
file=

sendmail_fail() { # CODE SENTENCE
    [ -z "$file" ] || rm -f -- "$file"
    printf '%s: %s\n' "$called" "$2" >&2
    exit "$1"
}

later() { sendmail_fail "$EX_TEMPFAIL" "$1"; }

# Sets drop to the folder that takes mail.
find_drop() {
    drop=${MANSIO_DROP:-}
    if [ -z "$drop" ] && [ -n "${MANSIO_DATA:-}" ] && [ -d "$MANSIO_DATA/drop" ]; then drop=$MANSIO_DATA/drop; fi
    [ -n "$drop" ] || drop=/var/spool/mansio/drop
    [ -d "$drop" ] || later "there is no drop folder $drop for mail; the server makes it when it starts (MANSIO_DROP names another)"
    [ -w "$drop" ] && [ -x "$drop" ] || later "user $EUID may not put mail into $drop"
    limit=
    { read -r limit <"$drop/.size-limit"; } 2>/dev/null
    case $limit in '' | *[!0-9]*) limit= ;; esac
}

# ---- a file of the drop folder ----

emit() { # KEY VALUE
    case $2 in *$'\n'* | *$'\r'*) sendmail_fail "$EX_USAGE" "a line break in an argument" ;; esac
    [ ${#2} -le 8000 ] || sendmail_fail "$EX_USAGE" "an argument of ${#2} bytes"
    printf '%s %s\n' "$1" "$2" >&3 || later "cannot write to $drop"
}

# Begins one, on descriptor 3: what is not the message itself. Nobody can tell its name beforehand, and
# nobody else can read it: the folder gives it the server's group.
begin_file() {
    key=$EPOCHSECONDS-$$-${SRANDOM:-$RANDOM$RANDOM$RANDOM}-${SRANDOM:-$RANDOM$RANDOM$RANDOM}
    file=$drop/tmp.$key
    set -o noclobber
    { exec 3>"$file"; } 2>/dev/null || { file=; later "cannot write to $drop"; }
    set +o noclobber
    trap 'rm -f -- "$file"' EXIT
    trap 'exit $EX_TEMPFAIL' HUP INT TERM
    printf 'mansio-drop 1\n' >&3 || later "cannot write to $drop"
    if [ -n "${sender+set}" ]; then emit sender "$sender"; fi
    if [ -n "$full_name" ]; then emit name "$full_name"; fi
    if [ -n "$envid" ]; then emit envid "$envid"; fi
    if [ -n "$ret" ]; then emit ret "$ret"; fi
    if [ -n "$notify" ]; then emit notify "$notify"; fi
    if [ -n "$from_header" ]; then emit from-header yes; fi
}

# The message is whole: synced, and under a name that the server looks for. The second sync keeps that
# name; by then the server may have taken the file.
end_file() {
    exec 3>&-
    if [ -n "$limit" ] && [ "$(stat -c %s -- "$file")" -gt $((limit + 65536)) ]; then
        sendmail_fail "$EX_UNAVAILABLE" "the message is larger than the $limit bytes that the server takes"
    fi
    sync -- "$file" || later "cannot write to $drop"
    mv -- "$file" "$drop/new.$key" || later "cannot write to $drop"
    file=
    trap - EXIT HUP INT TERM
    sync -- "$drop/new.$key" 2>/dev/null
    return 0
}

# ---- sendmail RECIPIENT..., sendmail -t ----

# Whether a field of the written header names a recipient. What it says is the server's to read.
names_somebody() {
    [ -n "$(sed -n -e '1,/^message$/d' -e '/^\r*$/q' \
        -e '/^\([Rr][Ee][Ss][Ee][Nn][Tt]-\)\{0,1\}\([Tt][Oo]\|[Cc][Cc]\|[Bb][Cc][Cc]\)[ 	]*:/{p;q}' "$file")" ]
}

submit() {
    local recipient
    if [ $# = 0 ] && [ -z "$from_header" ]; then
        sendmail_fail "$EX_USAGE" "no recipients: name them, or say -t when they stand in the header"
    fi
    find_drop
    begin_file
    for recipient; do emit to "$recipient"; done
    printf 'message\n' >&3 || later "cannot write to $drop"
    if [ -n "$dots_are_text" ]; then
        cat >&3 || later "cannot write to $drop"
    else
        sed -n -e '/^\.\r*$/q' -e p >&3 || later "cannot write to $drop"
    fi
    if [ $# = 0 ] && ! names_somebody; then
        sendmail_fail "$EX_USAGE" "no recipients: the header has no To, Cc or Bcc"
    fi
    end_file
}

# ---- sendmail -bs: SMTP on standard input, into the same folder ----

reply() { printf '%s\r\n' "$1"; }

# The path of MAIL FROM:<path> or RCPT TO:<path>, into path; fails when it is none.
path_of() {
    path=${1#*:}
    while [ "${path# }" != "$path" ]; do path=${path# }; done
    case $path in '<'*'>'*) path=${path#<} path=${path%%>*} ;; *) return 1 ;; esac
}

smtp_session() {
    local line verb code to=()
    find_drop
    unset sender
    full_name= envid= ret= notify= from_header=
    reply "220 localhost ESMTP Mansio"
    while IFS= read -r line; do
        line=${line%$'\r'}
        verb=${line%% *}
        case ${verb^^} in
            EHLO) printf '250-localhost\r\n250-8BITMIME\r\n250 SIZE %s\r\n' "${limit:-0}" ;;
            HELO) reply "250 localhost" ;;
            MAIL)
                if [ -n "${sender+set}" ]; then reply "503 5.5.1 MAIL was given already"
                elif path_of "$line"; then sender=$path to=(); reply "250 2.1.0 OK"
                else reply "501 5.5.4 Syntax: MAIL FROM:<address>"; fi ;;
            RCPT)
                if [ -z "${sender+set}" ]; then reply "503 5.5.1 MAIL comes first"
                elif [ ${#to[@]} -ge 1000 ]; then reply "452 4.5.3 Too many recipients"
                elif path_of "$line" && [ -n "$path" ]; then to+=("$path"); reply "250 2.1.5 OK"
                else reply "501 5.5.4 Syntax: RCPT TO:<address>"; fi ;;
            DATA)
                if [ ${#to[@]} = 0 ]; then reply "503 5.5.1 RCPT comes first"; continue; fi
                begin_file
                for path in "${to[@]}"; do emit to "$path"; done
                printf 'message\n' >&3 || later "cannot write to $drop"
                reply "354 Send the message, and a dot on a line of its own"
                # Unbuffered: what comes after the dot is the next command.
                sed -u -n -e '/^\.\r*$/q 7' -e 's/^\.//' -e p >&3
                code=$?
                [ "$code" = 7 ] || later "the message did not end"
                end_file
                unset sender
                to=()
                reply "250 2.0.0 Handed over" ;;
            RSET) unset sender; to=(); reply "250 2.0.0 OK" ;;
            NOOP) reply "250 2.0.0 OK" ;;
            VRFY) reply "252 2.5.2 Send some mail, it will be tried" ;;
            QUIT) reply "221 2.0.0 Bye"; return 0 ;;
            *) reply "500 5.5.1 Unknown command" ;;
        esac
    done
}

# ---- options ----

# Sets value: the rest of a cluster, or the next argument.
take_value() { # OPTION REST NEXT...
    if [ -n "$2" ]; then value=$2; shift_by=0
    elif [ $# -gt 2 ]; then value=$3; shift_by=1
    else sendmail_fail "$EX_USAGE" "-$1 wants a value"; fi
}

sendmail_main() {
    local mode=m option cluster value shift_by
    unset sender
    full_name= envid= ret= notify= from_header= dots_are_text=
    while [ $# -gt 0 ]; do
        case $1 in
            --) shift; break ;;
            --*) sendmail_fail "$EX_USAGE" "no option $1" ;;
            -?*) cluster=${1#-}; shift ;;
            *) break ;;
        esac
        while [ -n "$cluster" ]; do
            option=${cluster:0:1} cluster=${cluster:1}
            case $option in
                t) from_header=yes ;;
                i) dots_are_text=yes ;;
                q) [ "$mode" != m ] || mode=q; cluster= ;; # a word may stand behind it, never apart
                d) cluster= ;;
                [cEGIJmnsTUv]) if [ "$option" = I ]; then mode=i; fi ;; # the others change nothing here
                [AbBCDeFfhLMNoOpRrVX])
                    take_value "$option" "$cluster" "$@"
                    cluster=
                    shift "$shift_by"
                    case $option in
                        b) mode=$value ;;
                        f | r) sender=$value ;;
                        F) full_name=$value ;;
                        N) notify=$value ;;
                        R) ret=$value ;;
                        V) envid=$value ;;
                        o) [ "${value:0:1}" != i ] || dots_are_text=yes ;;
                        O) case $value in [Ii]gnore[Dd]ots | [Ii]gnore[Dd]ots=[TtYy]*) dots_are_text=yes ;; esac ;;
                    esac ;;
                *) sendmail_fail "$EX_USAGE" "no option -$option" ;;
            esac
        done
    done
    case $mode in
        m)
            if [ -z "$full_name" ]; then
                full_name=$(getent passwd "$EUID" 2>/dev/null) && full_name=$(cut -d: -f5 <<<"$full_name")
                full_name=${full_name%%,*}
                case $full_name in *[[:cntrl:]]*) full_name= ;; esac
            fi
            submit "$@" ;;
        s) smtp_session ;;
        p | P) java_needed=mailq ;;
        v) java_needed=explain-address; addresses=("$@") ;;
        i) echo "newaliases: nothing to do; aliases are changed by 'mansio alias' and hold at once" ;;
        q) java_needed=queue addresses=(retry --all) ;;
        d | D) sendmail_fail "$EX_USAGE" "the server is started by 'mansio serve', not as a sendmail daemon" ;;
        *) sendmail_fail "$EX_USAGE" "no mode -b$mode" ;;
    esac
}

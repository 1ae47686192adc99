# fetchmail: takes mail over IMAP and deletes it there.
program fetchmail fetchmail --version || return 0

fetchmail_takes() {
    mail create "fetch box"
    mail make "$work/a" "fetchmail takes this" --utf8
    mail make "$work/b" "fetchmail takes this too" --size 1000000
    mail append "$work/a" --in "fetch box"
    mail append "$work/b" --in "fetch box"
    mkdir -p "$work/fetched"
    cat >"$work/fetchmailrc" <<EOF
set no syslog
set invisible
set idfile "$work/fetchids"
poll $HOST with proto IMAP port $IMAP
    user "$USER_NAME" there with password "$PASSWORD"
    folder "fetch box"
    sslproto "" no sslcertck
    no rewrite no mimedecode nokeep fetchall
    mda "cat >$work/fetched/\$\$"
EOF
    chmod 600 "$work/fetchmailrc"
    HOME=$work FETCHMAILHOME=$work fetchmail -f "$work/fetchmailrc" --nodetach --pidfile "$work/fetchmail.pid" -v
    [ "$(ls "$work/fetched" | wc -l)" = 2 ]
    mail same "$work/a" "$(grep -rl 'Subject: fetchmail takes this$' "$work/fetched" || grep -rlP 'Subject: fetchmail takes this\r?$' "$work/fetched")" --how suffix
    mail same "$work/b" "$(grep -rlP 'Subject: fetchmail takes this too\r?$' "$work/fetched")" --how suffix
    mail gone "$work/a" --in "fetch box"
    mail gone "$work/b" --in "fetch box"
}
check "fetchmail: takes and deletes, bytes equal" fetchmail_takes

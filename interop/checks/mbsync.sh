# mbsync: two-way, flags and deletions in both directions.
program mbsync mbsync --version || return 0

mbsync_run() {
    cat >"$work/mbsyncrc" <<EOF
IMAPStore far
Host localhost
Port $IMAP
User $USER_NAME
Pass "$PASSWORD"
SSLType STARTTLS
CertificateFile $work/server.pem
SystemCertificates no
AuthMechs PLAIN
Timeout 300

MaildirStore near
Path $work/mbsync/
Inbox $work/mbsync/INBOX
SubFolders Verbatim

Channel all
Far :far:
Near :near:
Patterns "mbsync*"
Create Both
Expunge Both
Sync All
SyncState *
EOF
    mkdir -p "$work/mbsync"
    mbsync -c "$work/mbsyncrc" all
}
near_file() { # SUBJECT: the one file in the Maildir that has it
    local found
    found=$(grep -rlF "Subject: $1" "$work/mbsync/mbsync box"/{cur,new})
    [ "$(printf '%s\n' "$found" | wc -l)" = 1 ]
    printf '%s\n' "$found"
}
mbsync_first() {
    mail create "mbsync box"
    mail make "$work/a" "mbsync flagged far"
    mail make "$work/b" "mbsync deleted near" --utf8
    mail make "$work/c" "mbsync deleted far"
    mail make "$work/d" "mbsync answered near" --size 300000
    for m in a b c d; do mail append "$work/$m" --in "mbsync box"; done
    mbsync_run
    for m in a b c d; do
        mail same "$work/$m" "$(near_file "$(sed -n 's/^Subject: //p' "$work/$m" | tr -d '\r')")"
    done
}
mbsync_second() {
    local file
    # near: one answered and seen, one deleted, one new
    file=$(near_file "mbsync answered near")
    mv "$file" "$work/mbsync/mbsync box/cur/$(basename "${file%%:2,*}"):2,RS"
    file=$(near_file "mbsync deleted near")
    mv "$file" "$work/mbsync/mbsync box/cur/$(basename "${file%%:2,*}"):2,ST"
    mail make "$work/e" "mbsync new near"
    tr -d '\r' <"$work/e" >"$work/mbsync/mbsync box/new/1.new.near"
    # far: one flagged, one deleted
    mail store "$work/a" '+FLAGS (\Flagged)' --in "mbsync box"
    mail expunge "$work/c" --in "mbsync box"
    mbsync_run
    mail expect "$work/d" --in "mbsync box" --flags '\Answered \Seen'
    mail gone "$work/b" --in "mbsync box"
    mail expect "$work/e" --in "mbsync box"
    case $(near_file "mbsync flagged far") in *:2,*F*) ;; *) echo "flag not fetched"; return 1 ;; esac
    ! grep -rlF "Subject: mbsync deleted far" "$work/mbsync/mbsync box"/{cur,new}
    ! grep -rlF "Subject: mbsync deleted near" "$work/mbsync/mbsync box"/{cur,new}
}
mbsync_third() { # nothing left to do: a third run changes nothing on either side
    find "$work/mbsync/mbsync box"/{cur,new} -type f | sort >"$work/before"
    mbsync_run
    find "$work/mbsync/mbsync box"/{cur,new} -type f | sort >"$work/after"
    sed 's#^.*/##; s/:2.*//' "$work/before" >"$work/before.names"
    sed 's#^.*/##; s/:2.*//' "$work/after" >"$work/after.names"
    cmp "$work/before.names" "$work/after.names"
}
check "mbsync: fetches a mailbox, bytes equal" mbsync_first
check "mbsync: flags, deletions and new mail both ways" mbsync_second
check "mbsync: a third run finds nothing to do" mbsync_third

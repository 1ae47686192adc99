# offlineimap: the other two-way synchroniser, with another idea of how to ask.
program offlineimap offlineimap --version || return 0

offlineimap_run() {
    cat >"$work/offlineimaprc" <<EOF
[general]
accounts = a
metadata = $work/offlineimap.state
socktimeout = 300
[Account a]
localrepository = near
remoterepository = far
[Repository near]
type = Maildir
localfolders = $work/offlineimap
[Repository far]
type = IMAP
remotehost = $HOST
remoteport = $IMAPS
remoteuser = $USER_NAME
remotepass = $(printf %s "$PASSWORD" | sed 's/%/%%/g')
ssl = yes
cert_fingerprint = $(openssl x509 -in "$work/server.pem" -noout -fingerprint -sha1 | sed 's/.*=//; s/://g' | tr A-F a-f)
folderfilter = lambda name: name == 'offline box'
EOF
    offlineimap -c "$work/offlineimaprc" -o -u basic
}
offline_file() {
    local found
    found=$(grep -rlF "Subject: $1" "$work/offlineimap/offline box"/{cur,new})
    [ "$(printf '%s\n' "$found" | wc -l)" = 1 ]
    printf '%s\n' "$found"
}
offlineimap_first() {
    mail create "offline box"
    mail make "$work/a" "offlineimap flagged far"
    mail make "$work/b" "offlineimap deleted near"
    mail make "$work/c" "offlineimap deleted far" --utf8
    for m in a b c; do mail append "$work/$m" --in "offline box"; done
    offlineimap_run
    for m in a b c; do
        mail same "$work/$m" "$(offline_file "$(sed -n 's/^Subject: //p' "$work/$m" | tr -d '\r')")"
    done
}
offlineimap_second() {
    local file
    file=$(offline_file "offlineimap deleted near")
    rm "$file"
    mail make "$work/d" "offlineimap new near"
    tr -d '\r' <"$work/d" >"$work/offlineimap/offline box/new/1.new.near"
    mail store "$work/a" '+FLAGS (\Flagged \Seen)' --in "offline box"
    mail expunge "$work/c" --in "offline box"
    offlineimap_run
    mail gone "$work/b" --in "offline box"
    mail expect "$work/d" --in "offline box" --how body
    case $(offline_file "offlineimap flagged far") in *:2,FS) ;; *) echo "flags not fetched"; return 1 ;; esac
    ! grep -rlF "Subject: offlineimap deleted far" "$work/offlineimap/offline box"/{cur,new}
}
check "offlineimap: fetches a mailbox, bytes equal" offlineimap_first
check "offlineimap: flags, deletions and new mail both ways" offlineimap_second

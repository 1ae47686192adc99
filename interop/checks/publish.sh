# publish: mansio dns publish against Debian's Knot DNS, which runs as an unprivileged process on a high port: updates with
# TSIG into an empty zone, one with records of others, and one that is closed.
program knotd knotd --version || return 0

publish=$work/publish publish_port=$((base + 2056))
mkdir -p "$publish/db"
chmod 777 "$publish" "$publish/db"
publish_start() {
    local zone secret
    secret=$(keymgr -t mansio hmac-sha256 | sed -n 's/.*secret: *//p')
    [ -n "$secret" ]
    (
        umask 077
        echo "$secret" >"$publish/secret"
        echo 'c29tZXRoaW5nIGVsc2UsIGFzIGxvbmcgYXMgdGhhdCE=' >"$publish/wrong"
        printf 'key "mansio" {\n\talgorithm hmac-sha256;\n\tsecret "%s";\n};\n' "$secret" >"$publish/bind.key"
    )
    cp "$publish/secret" "$publish/open" && chmod 644 "$publish/open"
    for zone in publish.example moved.example closed.example 2.0.192.in-addr.arpa; do
        printf '%s. 300 SOA ns.%s. host.%s. 1 3600 600 86400 60\n%s. 300 NS ns.publish.example.\n' \
            "$zone" "$zone" "$zone" "$zone" >"$publish/$zone.zone"
    done
    echo 'publish.example. 300 TXT "somebody-s-verification=1"' >>"$publish/publish.example.zone"
    echo 'moved.example. 300 MX 10 mx.closed.example.' >>"$publish/moved.example.zone"
    echo 'mx.closed.example. 300 A 192.0.2.99' >>"$publish/closed.example.zone"
    echo '25.2.0.192.in-addr.arpa. 300 PTR mail.publish.example.' >>"$publish/2.0.192.in-addr.arpa.zone"
    chmod 666 "$publish"/*.zone
    cat >"$publish/knot.conf" <<CONF
server:
    rundir: "$publish"
    listen: 127.0.0.1@$publish_port
    user: nobody:nogroup
log:
  - target: stderr
    any: info
database:
    storage: "$publish/db"
key:
  - id: mansio
    algorithm: hmac-sha256
    secret: $secret
  - id: other
    algorithm: hmac-sha256
    secret: $secret
acl:
  - id: update
    key: mansio
    action: update
template:
  - id: default
    storage: "$publish"
    file: "%s.zone"
zone:
  - domain: publish.example
    acl: update
  - domain: moved.example
    acl: update
  - domain: closed.example
  - domain: 2.0.192.in-addr.arpa
CONF
    knotd -c "$publish/knot.conf" >"$publish/knot.log" 2>&1 </dev/null &
    echo $! >"$publish/pid"
    wait_port "$publish_port" 30 "$(cat "$publish/pid")" || { cat "$publish/knot.log"; return 1; }
    cat >"$publish/mansio.toml" <<CONF
hostname = "mail.publish.example"
data = "$publish/data"
certificate = [{ chain = "none", key = "none" }]

[dns]
servers = ["127.0.0.1:$publish_port"]
dnssec = "off"
CONF
    for zone in publish.example moved.example closed.example; do
        "$root/mansio" domain add "$zone" --config "$publish/mansio.toml" --data "$publish/data"
    done
}
publish_stop() { kill "$(cat "$publish/pid")"; }

# publish_dns COMMAND ARGUMENT...: its exit code is in $code, what it says in $publish/said.
publish_dns() {
    code=0
    "$root/mansio" dns "$@" --ip 192.0.2.25 --config "$publish/mansio.toml" >"$publish/said" 2>&1 </dev/null || code=$?
    cat "$publish/said"
}
publish_to() {
    local domain=$1
    shift
    publish_dns publish "$domain" --server "127.0.0.1:$publish_port" "$@"
}
said() { grep -qF -- "$1" "$publish/said"; }
# publish_ask NAME TYPE: what Knot says, a record a line.
publish_ask() {
    /usr/bin/python3 - "$publish_port" "$@" <<'EOF'
import sys, dns.message, dns.query
answer = dns.query.tcp(dns.message.make_query(sys.argv[2], sys.argv[3]), "127.0.0.1", port=int(sys.argv[1]), timeout=5)
for rrset in answer.answer:
    for record in rrset: print(record)
EOF
}

publish_plan() {
    publish_to publish.example --dry-run
    [ "$code" = 0 ]
    said '+ publish.example. 3600 IN MX 10 mail.publish.example.'
    [ -z "$(publish_ask publish.example MX)" ]
}
publish_empty() {
    publish_to publish.example --key mansio --secret-file "$publish/secret"
    [ "$code" = 0 ]
    publish_ask publish.example TXT | grep -F '"somebody-s-verification=1"'
    publish_ask publish.example TXT | grep -F '"v=spf1 mx -all"'
    [ "$(publish_ask publish.example TXT | wc -l)" = 2 ]
    publish_dns check publish.example --authority "127.0.0.1:$publish_port"
    [ "$code" = 0 ]
    said 'All is good.'
}
publish_again() {
    local before
    before=$(publish_ask publish.example SOA)
    publish_to publish.example --secret-file "$publish/bind.key"
    [ "$code" = 0 ]
    said 'nothing was to be changed'
    [ "$(publish_ask publish.example SOA)" = "$before" ]
}
publish_wrong_keys() {
    publish_to moved.example --replace --key mansio --secret-file "$publish/wrong"
    [ "$code" = 1 ]
    said 'BADSIG: the secret is not the one that the server has for the key mansio'
    publish_to moved.example --replace --key nobody --secret-file "$publish/secret"
    [ "$code" = 1 ]
    said 'BADKEY: the server knows no key nobody with hmac-sha256'
    publish_to moved.example --replace --key other --secret-file "$publish/secret"
    [ "$code" = 1 ]
    publish_to moved.example --replace --key mansio --secret-file "$publish/open"
    [ "$code" = 1 ]
    said 'chmod 600'
    [ "$(publish_ask moved.example MX)" = '10 mx.closed.example.' ]
}
publish_closed() {
    publish_to closed.example --key mansio --secret-file "$publish/secret"
    [ "$code" = 1 ]
    said 'closed.example: not changed.'
    [ -z "$(publish_ask closed.example MX)" ]
}
publish_moved() {
    publish_to moved.example --key mansio --secret-file "$publish/secret"
    [ "$code" = 1 ]
    said 'mail goes elsewhere and never to mail.publish.example'
    said 'there: 10 mx.closed.example'
    [ "$(publish_ask moved.example MX)" = '10 mx.closed.example.' ]
    publish_ask moved.example TXT | grep -F '"v=spf1 mx -all"'
    publish_to moved.example --replace --key mansio --secret-file "$publish/secret"
    [ "$code" = 0 ]
    [ "$(publish_ask moved.example MX)" = '10 mail.publish.example.' ]
}
publish_rotated() {
    local name
    "$root/mansio" dkim list publish.example --config "$publish/mansio.toml" --json >"$publish/keys"
    for name in $(python3 -c 'import json, sys; [print(key["selector"]) for key in json.load(sys.stdin)["keys"]]' <"$publish/keys"); do
        "$root/mansio" dkim activate publish.example "$name" --config "$publish/mansio.toml"
    done
    "$root/mansio" dkim rotate publish.example --config "$publish/mansio.toml" --json >"$publish/keys"
    "$root/mansio" dns publish publish.example --server "127.0.0.1:$publish_port" --ip 192.0.2.25 --key mansio \
        --secret-file - --config "$publish/mansio.toml" <"$publish/secret"
    for name in $(python3 -c 'import json, sys; [print(key["name"]) for key in json.load(sys.stdin)["keys"]]' <"$publish/keys"); do
        publish_ask "$name" TXT | grep -F '"v=DKIM1; k='
    done
}
check "publish: Knot DNS with a key, and domains of ours" publish_start
stoppers+=(publish_stop)
check "publish: a plan changes nothing" publish_plan
check "publish: an empty zone gets all, texts of others stay, and the check finds all good" publish_empty
check "publish: again, with a key file of BIND, nothing is changed" publish_again
check "publish: wrong keys are refused with the reason" publish_wrong_keys
check "publish: a zone that is closed to the key" publish_closed
check "publish: mail of others is moved only with --replace" publish_moved
check "publish: the keys of a rotation, the secret from standard input" publish_rotated
publish_stop

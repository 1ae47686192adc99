# dnssec: unbound (by unbound-host, its validator on the command line) and ours judge the same small signed DNS, good names
# and broken ones. What the zones are: mansio.testkit.dns.SignedWorld.
program unbound-host sh -c "unbound-host -h | grep -i version" || return 0

dnssec=$work/dnssec dnssec_port=$((base + 2054))
mkdir -p "$dnssec"
dnssec_start() {
    local java # the one that the suite's own server runs on
    java=$(readlink -f "/proc/${mansio_pid:-none}/exe") || java=java
    "$java" -Xmx64m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
        -cp "$(echo "$root"/testkit/target/testkit-*.jar):$root/app/target/lib/*" \
        mansio.testkit.dns.Verdicts "$dnssec_port" "$dnssec/anchors" >"$dnssec/ours" 2>"$dnssec/log" </dev/null &
    echo $! >"$dnssec/pid"
    local tries=2400
    until grep -q '^ready' "$dnssec/ours"; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] && kill -0 "$(cat "$dnssec/pid")" || { cat "$dnssec/log"; return 1; }
        sleep 0.1
    done
    grep '^= ' "$dnssec/ours" | cut -c3- >"$dnssec/verdicts"
    cat >"$dnssec/unbound.conf" <<CONF
server:
    directory: "$dnssec"
    chroot: ""
    username: ""
    use-syslog: no
    trust-anchor-file: "$dnssec/anchors"
    do-not-query-localhost: no
    local-zone: "test." nodefault
    # As ours: more iterations make a zone count as not signed.
    val-nsec3-keysize-iterations: "1024 100 2048 100 4096 100"
forward-zone:
    name: "."
    forward-addr: 127.0.0.1@$dnssec_port
CONF
}
dnssec_stop() { kill "$(cat "$dnssec/pid")"; }

# Each line of ours against what unbound says of the same question.
dnssec_compare() {
    local name type verdict said theirs count=0 bad=0
    while read -r name type verdict; do
        said=$(unbound-host -v -C "$dnssec/unbound.conf" -t "$type" "$name" 2>&1) || true
        case $said in # of several lines, such as those of an alias, the weakest counts
            *BOGUS*) theirs=BOGUS ;;
            *"(insecure)"*) theirs=INSECURE ;;
            *"(secure)"*) theirs=SECURE ;;
            *) theirs="nothing: $said" ;;
        esac
        count=$((count + 1))
        [ "$theirs" = "$verdict" ] || { bad=$((bad + 1)); echo "$name $type: ours $verdict, theirs $theirs"; }
    done <"$dnssec/verdicts"
    echo "# $count names: $(cut -d' ' -f3 "$dnssec/verdicts" | sort | uniq -c | tr -s ' \n' ' ')"
    [ "$bad" = 0 ] && [ "$count" -gt 50 ]
}
check "dnssec: a signed DNS, and our verdicts" dnssec_start
stoppers+=(dnssec_stop)
check "dnssec: unbound comes to the same verdicts" dnssec_compare

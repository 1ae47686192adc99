# trust: DKIM against OpenDKIM, dkimpy and npm's mailauth, SPF against pyspf, ARC against dkimpy and mailauth: some hundred
# generated cases each, both ways, over the same DNS. What is generated and compared: interop/cross.
cross=$work/cross cross_dns=$((base + 2055))
mkdir -p "$cross"
system_python=/usr/bin/python3 # Debian's, which has Debian's modules
program opendkim opendkim -V || return 0
program node node --version || return 0

cross_run() { # FILE [ARGUMENT...]
    CROSS=$cross CROSS_DNS=$cross_dns CROSS_TOOL="$cross_java -Xmx128m -XX:+UseSerialGC -cp $cross_classes mansio.trust.cross.CrossTool" \
        PYTHONDONTWRITEBYTECODE=1 "$system_python" "$here/cross/$1" "${@:2}"
}
cross_start() {
    "$system_python" -c 'import dkim, spf, authres, nacl, dns'
    cross_run prepare.py "$root/testdata/mime"
    "$cross_java" -Xmx64m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$cross_classes" \
        mansio.testkit.dns.ZoneServer --port "$cross_dns" "$cross/world.zone" >"$cross/dns.log" 2>&1 </dev/null &
    echo $! >"$cross/dns.pid"
    wait_port "$cross_dns" 240 "$(cat "$cross/dns.pid")" || { cat "$cross/dns.log"; return 1; }
}
cross_stop() { kill "$(cat "$cross/dns.pid")"; }
# The registry must be there: without mailauth this check fails, and those that need it too.
cross_mailauth() {
    mkdir -p "$cross/mailauth"
    cp "$here"/cross/mailauth/package*.json "$cross/mailauth/"
    (cd "$cross/mailauth" && timeout 600 npm ci --fetch-retries 5 --ignore-scripts --no-audit --no-fund --cache "$cross/npm")
    echo "# mailauth $(node -p "require('$cross/mailauth/node_modules/mailauth/package.json').version")"
}
cross_java=$(readlink -f "/proc/${mansio_pid:-none}/exe") || cross_java=java # the one that the suite's own server runs on
cross_classes="$root/trust/target/test-classes:$(echo "$root"/testkit/target/testkit-*.jar):$root/app/target/lib/*"
check "trust: a DNS, keys and messages" cross_start
stoppers+=(cross_stop)
check "trust: mailauth from npm" cross_mailauth
check "trust: messages are signed" cross_run dkim_checks.py sign_all
check "trust: our signatures verify in dkimpy, tampered ones do not" cross_run dkim_checks.py ours_dkimpy
check "trust: our signatures verify in OpenDKIM, tampered ones do not" cross_run dkim_checks.py ours_opendkim
check "trust: our signatures verify in mailauth, tampered ones do not" cross_run dkim_checks.py ours_mailauth
check "trust: signatures of dkimpy verify here, tampered ones do not" cross_run dkim_checks.py theirs_dkimpy
check "trust: signatures of OpenDKIM verify here, tampered ones do not" cross_run dkim_checks.py theirs_opendkim
check "trust: signatures of mailauth verify here, tampered ones do not" cross_run dkim_checks.py theirs_mailauth
check "trust: SPF as pyspf says" cross_run spf_checks.py
check "trust: ARC as dkimpy and mailauth say, sealed by both" cross_run arc_checks.py
check "trust: DMARC reports are valid for xmllint by the schema of RFC 7489" cross_run report_checks.py \
    "$root/trust/src/test/resources/mansio/trust/dmarcreport/rfc7489.xsd"
cross_stop

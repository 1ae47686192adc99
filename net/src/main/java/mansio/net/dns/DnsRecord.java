package mansio.net.dns;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/**
 * A resource record of class IN, with its data read. Records that are equal but for their TTL are
 * different values.
 */
public sealed interface DnsRecord {
    /** Whose record it is. */
    DnsName name();

    /** How long it may still be used, 0 to 2^31-1. */
    int ttlSeconds();

    /** An IPv4 address. */
    record A(DnsName name, int ttlSeconds, Inet4Address address) implements DnsRecord {}

    /** An IPv6 address (RFC 3596); IPv4-mapped ones, which Java cannot hold, are {@link Other}. */
    record Aaaa(DnsName name, int ttlSeconds, Inet6Address address) implements DnsRecord {}

    /**
     * A host that takes the mail of a domain (RFC 5321 section 5.1).
     *
     * @param preference 0 to 65535, the lowest first
     * @param exchange {@link DnsName#ROOT} when the domain takes no mail (RFC 7505)
     */
    record Mx(DnsName name, int ttlSeconds, int preference, DnsName exchange)
            implements DnsRecord {}

    /**
     * Text.
     *
     * @param strings its strings of 0 to 255 octets each, one {@code char} for an octet (ISO
     *     8859-1), because nothing says what charset they are in
     */
    record Txt(DnsName name, int ttlSeconds, List<String> strings) implements DnsRecord {
        public Txt {
            strings = List.copyOf(strings);
        }

        /** The strings put together with nothing between them, as SPF, DKIM and DMARC want. */
        public String text() {
            return String.join("", strings);
        }

        /** As {@link #text()}, in octets. */
        public byte[] octets() {
            return text().getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    /** Another name for which to ask instead. Seen only by those who ask for this type. */
    record Cname(DnsName name, int ttlSeconds, DnsName target) implements DnsRecord {}

    /** The name of a host that has an address. */
    record Ptr(DnsName name, int ttlSeconds, DnsName target) implements DnsRecord {}

    /** A name server of a zone. */
    record Ns(DnsName name, int ttlSeconds, DnsName server) implements DnsRecord {}

    /**
     * The start of a zone.
     *
     * @param serial 0 to 2^32-1
     * @param minimumSeconds how long "no" may be remembered (RFC 2308 section 4)
     */
    record Soa(DnsName name, int ttlSeconds, long serial, int minimumSeconds)
            implements DnsRecord {}

    /** A host and port of a service (RFC 2782). */
    record Srv(DnsName name, int ttlSeconds, Service service) implements DnsRecord {
        /**
         * All numbers 0 to 65535; the lowest priority first.
         *
         * @param target {@link DnsName#ROOT} when the service is decidedly not offered
         */
        public record Service(int priority, int weight, int port, DnsName target) {}
    }

    /** What a TLS server's certificate must be (RFC 6698 section 2.1). */
    record Tlsa(DnsName name, int ttlSeconds, Association association) implements DnsRecord {
        /**
         * The fields of the record, each number 0 to 255.
         *
         * @param data a certificate, key or hash
         */
        public record Association(int usage, int selector, int matchingType, byte[] data) {
            public Association {
                data = data.clone();
            }

            @Override
            public byte[] data() {
                return data.clone();
            }

            @Override
            public boolean equals(Object other) {
                return other instanceof Association that
                        && usage == that.usage
                        && selector == that.selector
                        && matchingType == that.matchingType
                        && Arrays.equals(data, that.data);
            }

            @Override
            public int hashCode() {
                return Objects.hash(usage, selector, matchingType, Arrays.hashCode(data));
            }

            @Override
            public String toString() {
                return usage + " " + selector + " " + matchingType + " " + hex(data);
            }
        }
    }

    /**
     * Who may issue certificates (RFC 8659 section 4.1).
     *
     * @param flags 0 to 255
     * @param tag such as {@code issue}
     * @param value one {@code char} for an octet
     */
    record Caa(DnsName name, int ttlSeconds, int flags, String tag, String value)
            implements DnsRecord {}

    /**
     * A record whose data is not read here, such as those of DNSSEC.
     *
     * @param typeCode the number of its type
     * @param data as on the wire, names in it not compressed
     */
    record Other(DnsName name, int ttlSeconds, int typeCode, byte[] data) implements DnsRecord {
        public Other {
            data = data.clone();
        }

        @Override
        public byte[] data() {
            return data.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Other that
                    && name.equals(that.name)
                    && ttlSeconds == that.ttlSeconds
                    && typeCode == that.typeCode
                    && Arrays.equals(data, that.data);
        }

        @Override
        public int hashCode() {
            return Objects.hash(name, ttlSeconds, typeCode, Arrays.hashCode(data));
        }

        @Override
        public String toString() {
            return name + " " + ttlSeconds + " TYPE" + typeCode + " " + hex(data);
        }
    }

    private static String hex(byte[] data) {
        return HexFormat.of().formatHex(data);
    }
}

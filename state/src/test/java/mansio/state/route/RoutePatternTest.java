package mansio.state.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Spellings of patterns and hosts. */
class RoutePatternTest {
    @ParameterizedTest
    @CsvSource({
        "example.org, example.org",
        "Example.ORG, example.org",
        "bücher.example, xn--bcher-kva.example",
        ".example.org, .example.org",
        ".org, .org",
        "'*', '*'",
        "sender:example.org, sender:example.org",
        "sender:Anna@Example.org, sender:Anna@example.org"
    })
    void reads(String text, String canonical) {
        RoutePattern pattern = RoutePattern.parse(text).orElseThrow();
        assertThat(pattern.text()).isEqualTo(canonical);
        assertThat(RoutePattern.parse(canonical)).contains(pattern);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "*.example.org",
                "**",
                "sender:",
                "sender:*",
                "a@b",
                "a b",
                "..org"
            })
    void refuses(String text) {
        assertThat(RoutePattern.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "relay.example.org:587, relay.example.org:587",
        "relay.example.org, relay.example.org:25",
        "192.0.2.1:2525, 192.0.2.1:2525",
        "192.0.2.1, 192.0.2.1:25",
        "[2001:db8::1]:587, [2001:db8:0:0:0:0:0:1]:587",
        "[2001:db8::1], [2001:db8:0:0:0:0:0:1]:25",
        "localhost:65535, localhost:65535"
    })
    void readsHosts(String text, String canonical) {
        Endpoint endpoint = Endpoint.parse(text, 25).orElseThrow();
        assertThat(endpoint).hasToString(canonical);
        assertThat(Endpoint.parse(canonical, 24)).contains(endpoint);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":25",
                "host:",
                "host:0",
                "host:65536",
                "host:99999999999",
                "host:2a",
                "2001:db8::1",
                "[192.0.2.1]:25",
                "[fe80::1%eth0]:25",
                "192.0.2:25",
                "a_b:25",
                "[::1",
                "host:25:26",
                "host/path"
            })
    void refusesHosts(String text) {
        assertThat(Endpoint.parse(text, 25)).isEmpty();
    }

    @Test
    void everyTemplateHasAName() {
        assertThat(RouteTemplate.ALL)
                .extracting(RouteTemplate::name)
                .isSorted()
                .doesNotHaveDuplicates()
                .contains("mailgun", "sendgrid", "ses", "google-workspace", "microsoft365")
                .contains("brevo", "mailjet", "postmark", "smtp2go");
    }
}

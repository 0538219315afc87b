/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpUrisTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "https://cdn.example/v.mp4 https://cdn.example/v.mp4",
                "HTTPS://CDN.Example/V.mp4 https://cdn.example/V.mp4",
                "https://my_bucket.example/v.mp4 https://my_bucket.example/v.mp4",
                "https://my_bucket.example:8443/v.mp4 https://my_bucket.example:8443/v.mp4",
                "https://b\u00fccher.example/v.mp4 https://xn--bcher-kva.example/v.mp4",
                "https://cdn.example/a|b.mp4?x=1|2 https://cdn.example/a%7Cb.mp4?x=1%7C2",
                "https://cdn.example/\u00fc.mp4 https://cdn.example/%C3%BC.mp4",
                "https://cdn.example/a%2Fb%20c%zz?sig=a%2Bb/c+d== https://cdn.example/a%2Fb%20c%25zz?sig=a%2Bb/c+d==",
                "https://cdn.example/[1]{2}^`\\ https://cdn.example/%5B1%5D%7B2%7D%5E%60%5C",
                "https://cdn.example?x=1 https://cdn.example?x=1",
                "https://cdn.example/v.mp4#t=1 https://cdn.example/v.mp4",
                "http://[2606:4700::1111]:80/x http://[2606:4700::1111]:80/x"
            })
    void readsAddressesAsServicesWriteThem(String text, String expected) {
        URI uri = HttpUris.parse(text);

        assertThat(uri).isEqualTo(URI.create(expected));
        assertThat(HttpUris.host(uri)).isNotEmpty();
    }

    @Test
    void readsSpacesInsideAndDropsThoseAround() {
        assertThat(HttpUris.parse(" https://cdn.example/a b.mp4\n")).hasToString("https://cdn.example/a%20b.mp4");
    }

    @Test
    void tellsTheHostThatUriDoesNot() {
        URI uri = HttpUris.parse("https://my_bucket.example:8443/v.mp4");

        assertThat(uri.getHost()).isNull();
        assertThat(HttpUris.host(uri)).isEqualTo("my_bucket.example");
        assertThat(Redaction.uri(uri)).isEqualTo("https://my_bucket.example:8443/v.mp4");
        assertThat(HttpUris.host(URI.create("mailto:a@b"))).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "/v/1.mp4?sig=s3cret; relative",
                "v/1.mp4; relative",
                "//cdn.example/1.mp4; relative",
                "cdn.example/1.mp4; relative",
                "''; relative",
                "file:///etc/passwd; only http and https",
                "ftp://cdn.example/x; only http and https",
                "javascript:alert(1); only http and https",
                "https://user:s3cret@cdn.example/; user information",
                "https:///v.mp4; no host",
                "https://:80/v.mp4; no host",
                "https://a b.example/; not a valid name",
                "https://a|b.example/; not a valid name",
                "https://cdn.example:99x/; not a valid name",
                "https://[::1/; malformed",
                "https://[nonsense]/; malformed"
            })
    void rejectsAnythingElseAndSaysWhy(String text, String reason) {
        assertThatThrownBy(() -> HttpUris.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason)
                .hasMessageNotContaining("s3cret")
                .hasNoCause();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://cdn.example/\u0000", "https://cdn.example/a\r\nX-Injected: 1"})
    void rejectsControlCharacters(String text) {
        assertThatThrownBy(() -> HttpUris.parse(text)).hasMessageContaining("control character");
    }

    @Test
    void rejectsAnAddressWithoutEnd() {
        assertThatThrownBy(() -> HttpUris.parse("https://cdn.example/" + "x".repeat(10_000)))
                .hasMessageContaining("longer than 8192");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "/b|c https://my_bucket.example/b%7Cc",
                "c?x=1 https://my_bucket.example/a/c?x=1",
                "//other.example/c https://other.example/c",
                "http://other_one.example/c http://other_one.example/c",
                "ftp://other.example/c ftp://other.example/c"
            })
    void resolvesRedirects(String location, String expected) {
        assertThat(HttpUris.resolve(HttpUris.parse("https://my_bucket.example/a/b"), location))
                .hasToString(expected);
    }

    @Test
    void readsOrRejectsAnyTextAsAnAddress() {
        String alphabet = "htps:/?#@[]%2f|_.-\u00fc \u0000\ud800aZ9";
        SplittableRandom random = new SplittableRandom(12);
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "https://" : "");
            int length = random.nextInt(30);
            for (int j = 0; j < length; j++) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                URI uri = HttpUris.parse(text.toString());
                assertThat(uri.isAbsolute() && HttpUris.host(uri) != null)
                        .as(text.toString())
                        .isTrue();
                HttpUris.resolve(uri, text.substring(text.length() / 2));
            } catch (IllegalArgumentException refused) {
                assertThat(refused.getMessage()).isNotBlank();
            }
        }
    }
}

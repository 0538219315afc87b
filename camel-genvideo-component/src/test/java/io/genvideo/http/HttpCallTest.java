/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A call keeps the longer of its own time-out and the user's. */
class HttpCallTest {
    private static final Duration OWN = Duration.ofMinutes(2);
    private final HttpCall call = HttpCall.get("read a task", URI.create("http://localhost/tasks/1"));

    @Test
    void takesTheTimeoutOfTheUserWithoutOneOfItsOwn() {
        assertThat(call.timeoutAtLeast(Duration.ofSeconds(5)).timeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(call.timeoutAtLeast(null).timeout()).isNull();
    }

    @Test
    void keepsItsOwnTimeoutIfThatIsLonger() {
        assertThat(call.timeout(OWN).timeoutAtLeast(Duration.ofSeconds(30)).timeout())
                .isEqualTo(OWN);
        assertThat(call.timeout(OWN).timeoutAtLeast(null).timeout()).isEqualTo(OWN);
    }

    @Test
    void takesTheTimeoutOfTheUserIfThatIsLonger() {
        assertThat(call.timeout(OWN).timeoutAtLeast(Duration.ofHours(1)).timeout())
                .isEqualTo(Duration.ofHours(1));
    }
}

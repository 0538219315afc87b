/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The option {@code sessionId} is the service's parameter of that name. */
class SessionIdTest {
    private static final String ID = "5529798706024415232";

    private final DefaultCamelContext camel = new DefaultCamelContext();

    @AfterEach
    void stop() {
        camel.stop();
    }

    private Map<String, Object> parameters(String options) {
        return camel.getEndpoint("genvideo:nemo/video_to_video?apiKey=nmv_usr_test&" + options, GenvideoEndpoint.class)
                .getConfiguration()
                .serviceParameters();
    }

    @Test
    void isAParameterOfTheServiceWithAllItsDigits() {
        assertThat(parameters("sessionId=" + ID)).containsExactly(Map.entry("sessionId", ID));
        assertThat(parameters("param.sessionId=" + ID)).containsExactly(Map.entry("sessionId", ID));
        assertThat(parameters("sessionId=" + ID + "&param.sessionId=" + ID))
                .containsExactly(Map.entry("sessionId", ID));
        assertThat(parameters("duration=5")).isEmpty();
    }

    @Test
    void refusesTwoDifferentSessions() {
        camel.start();

        assertThatThrownBy(() -> camel.getEndpoint(
                        "genvideo:nemo/chat?apiKey=nmv_usr_test&sessionId=" + ID + "&param.sessionId=1"))
                .isInstanceOf(ResolveEndpointFailedException.class)
                .hasMessageContaining("Options sessionId and param.sessionId name different sessions; set one of them");
    }
}

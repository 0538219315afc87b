/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SandboxMainTest {
    @Test
    void readsItsOptions() {
        SandboxConfig config = SandboxMain.config(
                new String[] {"--port", "9000", "--speed=real", "--take", "5s", "--keys", "ima_a,ima_b", "--size", "320"
                });
        assertThat(config.port()).isEqualTo(9000);
        assertThat(config.timeScale()).isEqualTo(1);
        assertThat(config.taskDuration()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.imaKeys()).containsExactlyInAnyOrder("ima_a", "ima_b");
        assertThat(config.skillsvideoKeys()).isEmpty();
        assertThat(config.maxDimension()).isEqualTo(320);
        SandboxConfig hooks = SandboxMain.config(
                new String[] {"--keys=sk_a,ima_b", "--webhook-url=http://127.0.0.1:1/h", "--webhook-secret=whsec_YQ=="
                });
        assertThat(hooks.skillsvideoKeys()).containsExactly("sk_a");
        assertThat(hooks.webhookUrl()).hasToString("http://127.0.0.1:1/h");
        assertThat(hooks.webhookSecret()).isEqualTo("whsec_YQ==");
        assertThat(SandboxMain.config(new String[0]).port()).isEqualTo(8089);
    }

    @Test
    void assignsKeysByTheirPrefix() {
        SandboxConfig config = SandboxMain.config(
                new String[] {"--keys=sk_a,ima_b,mediaio:c,wiro:d,wiro:e:f:g", "--local-inputs", "true"});
        assertThat(config.skillsvideoKeys()).containsExactly("sk_a");
        assertThat(config.imaKeys()).containsExactly("ima_b");
        assertThat(config.mediaioKeys()).containsExactly("c");
        assertThat(config.wiroProjects()).isEqualTo(Map.of("d", "", "e", "f:g"));
        assertThat(config.localInputs()).isTrue();
        assertThat(SandboxMain.config(new String[0]).localInputs()).isFalse();
    }

    @Test
    void readsTheOptionsOfNemoVideoInAnyOrder() {
        SandboxConfig config = SandboxMain.config(new String[] {
            "--nemo-silent=0.5",
            "--keys=nemo:nmv_usr_a,sk_b",
            "--nemo-events",
            "adk",
            "--nemo-renders=b",
            "--nemo-anonymous-export=false",
            "--matching-status=true"
        });
        assertThat(config.nemo())
                .isEqualTo(new NemoSettings(
                        Set.of("nmv_usr_a"), 0.5, NemoSettings.Events.ADK, NemoSettings.Renders.B, false));
        assertThat(config.skillsvideoKeys()).containsExactly("sk_b");
        assertThat(config.matchingHttpStatus()).isTrue();
        assertThat(SandboxMain.config(new String[0]).nemo()).isEqualTo(NemoSettings.DEFAULT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "port",
                "--port",
                "--port=x",
                "--nothing=1",
                "--take=soon",
                "--size=1",
                "--local-inputs=yes",
                "--nemo-silent=2",
                "--nemo-events=c",
                "--matching-status=1"
            })
    void refusesOthers(String arg) {
        assertThatThrownBy(() -> SandboxMain.config(new String[] {arg})).isInstanceOf(IllegalArgumentException.class);
    }
}

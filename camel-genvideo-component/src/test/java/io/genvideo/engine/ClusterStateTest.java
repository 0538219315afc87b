/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.engine.ClusterState.Pause;
import io.genvideo.engine.ClusterState.Share;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClusterStateTest {
    private static final String ODD = "p 1/engine %2F\n\u00e4";

    @Test
    void whatIsWrittenIsRead() {
        ClusterState state = new ClusterState(
                Set.of("a", ODD),
                List.of(
                        new Share(ODD, "ima/my account", Limit.REQUESTS, 5_000, 2_500, 5_000),
                        new Share("a", "ima/default", Limit.IN_FLIGHT, 8, 4, 0)),
                List.of(new Pause("a", "ima/default", true, Instant.ofEpochMilli(1_234))),
                List.of());
        ClusterState read = ClusterState.parse(state.text());
        assertThat(read.nodes()).isEqualTo(state.nodes());
        assertThat(read.shares()).containsExactlyInAnyOrderElementsOf(state.shares());
        assertThat(read.pauses()).isEqualTo(state.pauses());
        assertThat(read.text()).isEqualTo(state.text());
    }

    @Test
    void theTextDoesNotDependOnTheOrder() {
        String text = "node a\nnode b\nshare b x/y STREAMS 3 1 0\nshare a x/y STREAMS 3 1 0";
        String other = "share a x/y STREAMS 3 1 0\nnode b\nshare b x/y STREAMS 3 1 0\nnode a";
        assertThat(ClusterState.parse(text).text())
                .isEqualTo(ClusterState.parse(other).text());
    }

    @Test
    void whatANewerVersionHasWrittenIsKeptAsLongAsItsNodeLives() {
        ClusterState state = ClusterState.parse("node a\nnode b\nweather a sunny\nweather b rain");
        assertThat(state.text()).contains("weather a sunny", "weather b rain");
        assertThat(state.without("b"::equals).text())
                .contains("weather a sunny")
                .doesNotContain("rain", "node b");
    }

    @Test
    void aNodeWhoseShareIsNotUnderstoodCountsAsOneThatTellsNothing() {
        assertThat(ClusterState.parse("node a\nnode b\nshare a x/y HOLOGRAMS 3 1 0\nshare b x/y STREAMS 3 -1 0")
                        .nodes())
                .isEmpty();
    }

    @Test
    void anythingIsRead() {
        String good = "node a\nshare a x%2Fy IN_FLIGHT 8 4 0\npause a x%2Fy polls 5\nweather a rain";
        Random random = new Random(1);
        for (int i = 0; i < 5_000; i++) {
            StringBuilder text = new StringBuilder(good);
            for (int change = random.nextInt(6); change >= 0; change--) {
                text.setCharAt(random.nextInt(text.length()), "% \n-9aZ\u0000".charAt(random.nextInt(8)));
            }
            ClusterState read = ClusterState.parse(text.toString());
            assertThat(ClusterState.parse(read.text()).text()).isEqualTo(read.text());
            read.without("a"::equals);
            assertThat(read.shares()).allMatch(share -> share.held() >= 0);
        }
    }
}

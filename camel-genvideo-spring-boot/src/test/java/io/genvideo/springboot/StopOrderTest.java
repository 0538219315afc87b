/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.springboot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.genvideo.model.WaitReleasedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A stop of the application: waiting exchanges are released, the journal is written, then the pool is closed. */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(120)
class StopOrderTest {
    @TempDir
    Path folder;

    @Configuration
    static class Route {
        /** Whether the pool was open when each exchange ended. */
        final List<Boolean> poolWasOpen = new CopyOnWriteArrayList<>();

        @Bean
        RouteBuilder videos(HikariDataSource pool) {
            return new RouteBuilder() {
                @Override
                public void configure() {
                    onCompletion().onFailureOnly().process(e -> poolWasOpen.add(!pool.isClosed()));
                    from("direct:video").to("genvideo:ima/text_to_video?idempotency=required");
                }
            };
        }
    }

    private TestApplication application(String key) {
        return new TestApplication(Route.class)
                .withAccount("ima", key)
                .with("genvideo.journal", "datasource")
                .with("spring.datasource.url", "jdbc:h2:file:" + folder.resolve("tasks") + ";DB_CLOSE_ON_EXIT=FALSE");
    }

    private static CompletableFuture<Exchange> send(ConfigurableApplicationContext application, String prompt) {
        return application.getBean(ProducerTemplate.class).asyncSend("direct:video", exchange -> {
            exchange.getMessage().setBody(prompt);
            exchange.getMessage().setHeader("CamelGenvideoIdempotencyKey", "request 7");
        });
    }

    @Test
    void exchangesAreReleasedAndTheJournalIsWrittenBeforeThePoolCloses(CapturedOutput output) throws Exception {
        String key = "ima_" + UUID.randomUUID();
        String prompt = "slowly [[take: 5s]]";
        ConfigurableApplicationContext first = application(key).start();
        HikariDataSource pool = first.getBean(HikariDataSource.class);
        Route route = first.getBean(Route.class);
        CompletableFuture<Exchange> waiting = send(first, prompt);
        await().atMost(Duration.ofSeconds(20)).until(() -> TestApplication.charges(key) == 1);

        first.close();

        assertThat(waiting.get(1, TimeUnit.SECONDS).getException()).isInstanceOf(WaitReleasedException.class);
        assertThat(route.poolWasOpen).containsExactly(true);
        assertThat(pool.isClosed()).isTrue();
        assertThat(output)
                .contains("1 tasks go on at their services and are watched again after the start")
                .doesNotContain("could not be ended", "could not be closed", "HikariDataSource has been closed");

        try (ConfigurableApplicationContext second = application(key).start()) {
            Exchange attached = send(second, prompt).get(60, TimeUnit.SECONDS);
            assertThat(attached.getException()).isNull();
        }
        assertThat(TestApplication.charges(key)).as("videos that were paid").isEqualTo(1);
    }
}

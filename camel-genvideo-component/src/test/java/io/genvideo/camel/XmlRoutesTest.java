/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.model.GenerationTask;
import io.genvideo.model.TaskStatus;
import io.genvideo.sandbox.Ledger;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;

class XmlRoutesTest {
    @Test
    void aPictureBecomesAVideo() throws Exception {
        try (ImaContext ima = new ImaContext()) {
            ima.routes("image.camel.xml").start();

            Exchange done = ima.send("direct:image", ImaContext.picture(3), Map.of("mood", "calm"));

            assertThat(done.getException()).isNull();
            GenerationTask task = done.getMessage().getBody(GenerationTask.class);
            assertThat(task.status()).isEqualTo(TaskStatus.SUCCEEDED);
            assertThat(done.getProperty("first", String.class))
                    .isEqualTo(task.media().get(0).url().toString());
            ima.assertCharged(1);
            assertThat(ima.charges().get(0).promptHash()).isEqualTo(Ledger.hash("Wind in the trees, calm"));
        }
    }
}

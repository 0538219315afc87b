/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.examples.springboot;

import io.genvideo.model.GenerationError;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.GenvideoException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.FluentProducerTemplate;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.io.FileSystemResource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /videos/{id}}: the state of a task as JSON until its video is there, then the video, in ranges if wanted. */
@RestController
class VideoController {
    /** No id of a service has other characters; a path out of the folder would need some. */
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,199}");

    private final Path done;
    private final FluentProducerTemplate camel;

    VideoController(@Value("${video.home}") Path home, FluentProducerTemplate camel) {
        this.done = home.resolve("done");
        this.camel = camel;
    }

    /**
     * @param status of the task at the service
     * @param message for the person who waits, if there is no video
     */
    record State(String id, String status, @Nullable String message) {}

    @GetMapping("/videos/{id}")
    ResponseEntity<?> video(@PathVariable String id) {
        if (!ID.matcher(id).matches()) {
            return ResponseEntity.notFound().build();
        }
        Path video = done.resolve(id + ".mp4");
        if (Files.isRegularFile(video)) {
            return ResponseEntity.ok()
                    .contentType(MediaType.valueOf("video/mp4"))
                    .body(new FileSystemResource(video));
        }
        Exchange exchange =
                camel.to("direct:task").withHeader("CamelGenvideoTaskId", id).request(Exchange.class);
        if (exchange.getException() instanceof GenvideoException failure) {
            return ResponseEntity.status(failure.getHttpResponseCode())
                    .body(new State(id, failure.getCategory().name(), failure.getUserMessage()));
        }
        if (exchange.getException() != null) {
            throw new IllegalStateException("the state of task " + id + " can't be read", exchange.getException());
        }
        GenerationTask task = Objects.requireNonNull(exchange.getMessage().getBody(GenerationTask.class));
        GenerationError error = task.error();
        return ResponseEntity.ok()
                .header(HttpHeaders.RETRY_AFTER, "2")
                .body(new State(
                        id,
                        task.status().name(),
                        error == null ? null : error.toException().getUserMessage()));
    }
}

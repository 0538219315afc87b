/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.examples.cluster;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client of the Spring Boot example. A request to which no node answers has no result, and can be sent again. */
final class VideoClient {
    private static final Logger LOG = LoggerFactory.getLogger(VideoClient.class);
    private static final String BOUNDARY = "boundary-of-the-form";
    private static final int OK = 200;
    private static final int ACCEPTED = 202;
    private static final int PIXELS = 320;
    private static final Duration TIMEOUT = Duration.ofSeconds(90);

    private final URI address;

    /** @param port on this machine */
    VideoClient(int port) {
        address = URI.create("http://localhost:" + port);
    }

    /** Whether the application has started. */
    boolean healthy() throws InterruptedException {
        HttpResponse<byte[]> response = send(request("/actuator/health").build());
        return response != null && response.statusCode() == OK;
    }

    /**
     * Sends a picture and a prompt.
     *
     * @param name of the video, and the idempotency key: it is paid once, however often it is sent
     * @return the path of the video; null if no node has accepted the request
     */
    @Nullable
    String create(String name) throws InterruptedException {
        HttpResponse<byte[]> response = send(request("/videos")
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .header("Idempotency-Key", name)
                .POST(BodyPublishers.ofByteArray(form(name + ": the camera moves slowly")))
                .build());
        if (response == null) {
            return null;
        }
        if (response.statusCode() != ACCEPTED) {
            LOG.warn(
                    "{}: HTTP {}, {}",
                    name,
                    response.statusCode(),
                    new String(response.body(), StandardCharsets.UTF_8));
            return null;
        }
        return response.headers().firstValue("Location").orElseThrow();
    }

    /** @return whether the path has a video now, and not only the state of its task */
    boolean isVideo(String path) throws InterruptedException {
        HttpResponse<byte[]> response = send(request(path).build());
        return response != null
                && response.statusCode() == OK
                && response.headers().firstValue("Content-Type").orElse("").equals("video/mp4")
                && response.body().length > 0;
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(address.resolve(path))
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(TIMEOUT);
    }

    /** Without a result no node is up, or it went away while it answered. */
    private static @Nullable HttpResponse<byte[]> send(HttpRequest request) throws InterruptedException {
        try {
            // a connection of its own, so that the nodes take turns
            return HttpClient.newHttpClient().send(request, BodyHandlers.ofByteArray());
        } catch (IOException e) {
            LOG.debug("{} has no response", request, e);
            return null;
        }
    }

    private static byte[] form(String prompt) {
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        form.writeBytes(part("picture\"; filename=\"lake.png", "image/png"));
        try {
            ImageIO.write(new BufferedImage(PIXELS, PIXELS, BufferedImage.TYPE_INT_RGB), "png", form);
        } catch (IOException e) {
            throw new UncheckedIOException("the picture can't be encoded", e);
        }
        form.writeBytes(part("prompt", "text/plain"));
        form.writeBytes(prompt.getBytes(StandardCharsets.UTF_8));
        form.writeBytes(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return form.toByteArray();
    }

    private static byte[] part(String name, String type) {
        return ("\r\n--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\nContent-Type: "
                        + type + "\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8);
    }
}

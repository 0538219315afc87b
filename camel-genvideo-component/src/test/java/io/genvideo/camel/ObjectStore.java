/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.test.AvailablePortFinder;

/** An S3 server in a process of its own (S3Proxy, which the build has copied to target), with one bucket, in memory. */
final class ObjectStore implements AutoCloseable {
    private static final Path PROGRAM = Path.of("target/object-store/s3proxy.jar");
    private static final Pattern KEY = Pattern.compile("<Key>([^<]+)</Key>");

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI bucket;
    private final Process process;

    private ObjectStore(URI bucket, Process process) {
        this.bucket = bucket;
        this.process = process;
    }

    /** @param folder for its configuration and log */
    static ObjectStore start(Path folder) throws IOException {
        assertThat(PROGRAM)
                .as("the object store; './mvnw -pl camel-genvideo-component -am generate-test-resources' copies it")
                .isRegularFile();
        URI endpoint = URI.create("http://127.0.0.1:" + AvailablePortFinder.getNextAvailable());
        Path configuration = Files.writeString(folder.resolve("s3proxy.properties"), """
                s3proxy.authorization=none
                s3proxy.endpoint=%s
                jclouds.provider=transient-nio2
                jclouds.identity=local
                jclouds.credential=local
                """.formatted(endpoint));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        "-DLOG_LEVEL=warn",
                        "-jar",
                        PROGRAM.toString(),
                        "--properties",
                        configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("s3proxy.log").toFile())
                .start();
        ObjectStore store = new ObjectStore(endpoint.resolve("/media"), process);
        await().ignoreException(ConnectException.class)
                .until(() -> store.call("PUT", "").statusCode() == 200);
        return store;
    }

    URI bucket() {
        return bucket;
    }

    private HttpResponse<byte[]> call(String method, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(bucket + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    HttpResponse<byte[]> get(String key) throws IOException, InterruptedException {
        return call("GET", "/" + key);
    }

    List<String> keys() throws IOException, InterruptedException {
        Matcher key = KEY.matcher(new String(call("GET", "").body(), StandardCharsets.UTF_8));
        List<String> keys = new ArrayList<>();
        while (key.find()) {
            keys.add(key.group(1));
        }
        return keys;
    }

    @Override
    public void close() {
        process.destroy();
    }
}

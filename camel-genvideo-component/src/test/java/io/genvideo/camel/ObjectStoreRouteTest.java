/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.http.apache.RawServer;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.Paid;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped route that uploads media to an object store, against one that speaks S3. */
class ObjectStoreRouteTest {
    private static final Map<String, Object> PROMPT = Map.of(GenvideoConstants.PROMPT, "slowly");
    /** As the internet sees the bucket: the service refuses addresses that it could not fetch. */
    private static final String PUBLIC = "https://cdn.example.com/media";

    private static ObjectStore store;

    @TempDir
    static Path programFolder;

    @TempDir
    Path folder;

    private final ImaContext ima = new ImaContext();

    @BeforeAll
    static void startStore() throws Exception {
        store = ObjectStore.start(programFolder);
    }

    @AfterAll
    static void stopStore() {
        store.close();
    }

    @AfterEach
    void stop() {
        ima.close();
    }

    private void start(String url, Map<String, String> more) throws Exception {
        set("genvideo.upload.url", url);
        set("genvideo.upload.redeliveryDelay", "1");
        more.forEach(this::set);
        PluginHelper.getRoutesLoader(ima.camel())
                .loadRoutes(ResourceHelper.resolveMandatoryResource(
                        ima.camel(), "file:../routes/upload-object-store.camel.yaml"));
        ima.component().getConfiguration().setUploadVia("direct:upload");
        ima.start();
    }

    private void set(String name, String value) {
        ima.camel().getPropertiesComponent().addInitialProperty(name, value);
    }

    @Test
    void aFileIsStoredAndItsPublicUrlBecomesTheInput() throws Exception {
        Path picture = ImaContext.picture(folder.resolve("my lake #1?.png"), 7);
        List<String> earlier = store.keys();
        start(store.bucket().toString(), Map.of("genvideo.upload.publicUrl", PUBLIC));

        Exchange done = ima.send("genvideo:ima/image_to_video", picture.toFile(), PROMPT);

        assertThat(done.getException()).isNull();
        ima.assertCharged(1);
        List<String> added = store.keys();
        added.removeAll(earlier);
        assertThat(added).singleElement().satisfies(key -> {
            HttpResponse<byte[]> object = store.get(key);
            assertThat(object.body()).isEqualTo(Files.readAllBytes(picture));
            assertThat(object.headers().firstValue("Content-Type")).contains("image/png");
        });
    }

    @Test
    void mediaWithOneNameGetDifferentObjects() throws Exception {
        start(store.bucket().toString(), Map.of("genvideo.upload.publicUrl", PUBLIC));

        Exchange done =
                ima.send("genvideo:ima/upload", List.of(ImaContext.picture(1), ImaContext.picture(2)), Map.of());

        List<?> urls = done.getMessage().getBody(List.class);
        assertThat(urls)
                .hasSize(2)
                .doesNotHaveDuplicates()
                .allSatisfy(url ->
                        assertThat(url.toString()).startsWith(PUBLIC + "/").endsWith(".png"));
        assertThat(store.get(urls.get(1).toString().substring(PUBLIC.length() + 1))
                        .body())
                .isEqualTo(ImaContext.picture(2));
    }

    @Test
    void aStoreThatRefusesFailsTheGenerationUnpaid() throws Exception {
        start(store.bucket() + "-that-is-not-there", Map.of("genvideo.upload.publicUrl", PUBLIC));

        Exchange done = ima.send("genvideo:ima/image_to_video", ImaContext.picture(1), PROMPT);

        assertThat(done.getException())
                .isInstanceOfSatisfying(
                        GenvideoException.class, e -> assertThat(e.getPaid()).isEqualTo(Paid.NO))
                .hasMessageContaining("the upload through direct:upload failed")
                .hasMessageContaining("404");
        ima.assertCharged(0);
    }

    @Test
    void theStoreGetsLengthTypeAndAuthorizationAndNothingOfTheMessage() throws Exception {
        try (RawServer server = new RawServer((conversation, request) -> conversation.ok(""))) {
            start(
                    server.uri("/bucket").toString(),
                    Map.of("genvideo.upload.publicUrl", PUBLIC, "genvideo.upload.authorization", "Bearer t0ken"));

            Exchange done = ima.send(
                    "genvideo:ima/image_to_video",
                    ImaContext.picture(1),
                    Map.of(
                            GenvideoConstants.PROMPT,
                            "slowly",
                            "Authorization",
                            "of the message",
                            "X-Private",
                            "secret"));

            assertThat(done.getException()).isNull();
            assertThat(server.requests)
                    .singleElement()
                    .satisfies(request -> assertThat(request)
                            .startsWith("PUT /bucket/")
                            .contains(
                                    "Content-Length: " + ImaContext.picture(1).length,
                                    "Content-Type: image/png",
                                    "Authorization: Bearer t0ken")
                            .doesNotContain("of the message", "X-Private", "slowly"));
        }
    }
}

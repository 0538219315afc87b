/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;

/**
 * The ideal: one timer and one client that send what the component sends, and look for the two texts they need. No journal, no
 * deadline, no retry, no limit, no check.
 */
final class IdealClient implements LoadClient {
    private static final String CREATE =
            "{\"task_type\":\"text_to_video\",\"enable_multi_model\":false,\"src_img_url\":[],"
                    + "\"parameters\":[{\"attribute_id\":2058,\"model_id\":\"wan2.6-t2v\",\"model_name\":\"Wan 2.6\","
                    + "\"model_version\":\"wan2.6-t2v\",\"app\":\"ima\",\"platform\":\"web\",\"category\":\"text_to_video\","
                    + "\"credit\":40,\"parameters\":{\"duration\":5,\"resolution\":\"1080P\",\"aspect_ratio\":\"16:9\","
                    + "\"negative_prompt\":\"\",\"prompt_extend\":false,\"shot_type\":\"single\",\"prompt\":\"%s\",\"n\":1,"
                    + "\"input_images\":[],\"cast\":{\"points\":40,\"attribute_id\":2058}}}]}";

    private final String service;
    private final long pollMillis;
    private final CloseableHttpAsyncClient client;
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);

    IdealClient(LoadSettings settings) {
        service = settings.service();
        pollMillis = settings.pollMillis();
        client = HttpAsyncClients.custom()
                .setConnectionManager(PoolingAsyncClientConnectionManagerBuilder.create()
                        .setMaxConnTotal(LoadSettings.CONNECTIONS)
                        .setMaxConnPerRoute(LoadSettings.CONNECTIONS)
                        .build())
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .build();
        client.start();
    }

    @Override
    public void generate(String prompt, Consumer<@Nullable String> done) {
        post("/open/v1/tasks/create", CREATE.formatted(prompt), done, response -> {
            String id = between(response, "\"id\":\"", "\"");
            if (id == null) {
                done.accept(null);
            } else {
                pollLater(id, done);
            }
        });
    }

    private void pollLater(String id, Consumer<@Nullable String> done) {
        if (pollMillis == 0) {
            poll(id, done);
            return;
        }
        try {
            timer.schedule(() -> poll(id, done), pollMillis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            done.accept(null);
        }
    }

    private void poll(String id, Consumer<@Nullable String> done) {
        post("/open/v1/tasks/detail", "{\"task_id\":\"" + id + "\"}", done, response -> {
            if (response.contains("\"resource_status\":1")) {
                done.accept(id);
            } else {
                pollLater(id, done);
            }
        });
    }

    private void post(String path, String json, Consumer<@Nullable String> failed, Consumer<String> answered) {
        SimpleHttpRequest request = SimpleRequestBuilder.post(service + path)
                .setHeader("Authorization", "Bearer " + LoadSettings.API_KEY)
                .setHeader("x-app-source", "ima_skills")
                .setHeader("x_app_language", "en")
                .setBody(json, ContentType.APPLICATION_JSON)
                .build();
        client.execute(request, new FutureCallback<>() {
            @Override
            public void completed(SimpleHttpResponse response) {
                answered.accept(new String(response.getBodyBytes(), StandardCharsets.UTF_8));
            }

            @Override
            public void failed(Exception cause) {
                failed.accept(null);
            }

            @Override
            public void cancelled() {
                failed.accept(null);
            }
        });
    }

    private static @Nullable String between(String text, String before, String after) {
        int from = text.indexOf(before);
        if (from < 0) {
            return null;
        }
        int to = text.indexOf(after, from + before.length());
        return to < 0 ? null : text.substring(from + before.length(), to);
    }

    @Override
    public void close() {
        timer.shutdownNow();
        client.close(CloseMode.IMMEDIATE);
    }
}

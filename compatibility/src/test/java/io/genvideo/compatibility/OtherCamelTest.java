/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.camel.GenvideoAccount;
import io.genvideo.camel.GenvideoComponent;
import io.genvideo.camel.GenvideoConstants;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.TaskStatus;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The jar that was compiled against one version of Camel does its work on another one. */
class OtherCamelTest {
    private static final String TEXT = "genvideo:ima/text_to_video?model=wan2.6-t2v&pollInterval=50ms";

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private Sandbox sandbox;
    private ProducerTemplate template;

    @BeforeEach
    void start() throws Exception {
        sandbox = Sandbox.start(SandboxConfig.builder()
                .rendering(SandboxConfig.Rendering.SAMPLE)
                .build());
        GenvideoAccount account = new GenvideoAccount();
        account.setApiKey("ima_compatibility");
        account.setBaseUrl(sandbox.imaUri().toString());
        account.setUploadUrl(sandbox.imaUploadUri().toString());
        GenvideoComponent component = camel.getComponent("genvideo", GenvideoComponent.class);
        component.getAccounts().put("ima", account);
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                onException(Exception.class).maximumRedeliveries(20).redeliveryDelay(50);
                from("direct:order").to(TEXT);
                from("direct:impatient").to(TEXT + "&timeout=200ms");
            }
        });
        camel.start();
        template = camel.createProducerTemplate();
    }

    @AfterEach
    void stop() {
        camel.stop();
        sandbox.close();
    }

    @Test
    void thisIsTheCamelThatIsMeant() {
        assertThat(camel.getVersion()).isEqualTo("4.22.0");
    }

    @Test
    void theComponentIsFoundAndConfiguredByItsGeneratedParts() {
        assertThat(camel.getEndpoint(TEXT + "&maxInFlight=7").getEndpointUri()).contains("maxInFlight=7");
        assertThat(camel.getTypeConverter().convertTo(String.class, done(send("direct:order", "a lake"))))
                .contains("\"status\":\"SUCCEEDED\"");
    }

    @Test
    void aTextBecomesAVideoAndItsResultIsThereAgain() {
        Exchange made = send("direct:order", "a lake [[take: 300ms]]");

        GenerationTask task = done(made);
        assertThat(task.media()).singleElement();
        Exchange again = template.send(
                "genvideo:ima/result", e -> e.getMessage().setHeader(GenvideoConstants.TASK_ID, task.handle()));
        assertThat(done(again).media()).isEqualTo(task.media());
        assertThat(sandbox.ledger().charges()).singleElement();
    }

    @Test
    void aRedeliveryGoesOnWithTheTaskOfItsExchange() {
        Exchange made = send("direct:impatient", "a lake [[take: 900ms]]");

        assertThat(done(made).handle())
                .isEqualTo(sandbox.ledger().charges().get(0).taskId());
        assertThat(sandbox.ledger().charges()).singleElement();
    }

    @Test
    void theSameKeyIsTheSameOrder() {
        Map<String, Object> key = Map.of(GenvideoConstants.IDEMPOTENCY_KEY, "order 1");
        GenerationTask first = template.requestBodyAndHeaders("direct:order", "a lake", key, GenerationTask.class);
        GenerationTask second = template.requestBodyAndHeaders("direct:order", "a lake", key, GenerationTask.class);

        assertThat(second.handle()).isEqualTo(first.handle());
        assertThat(sandbox.ledger().charges()).singleElement();
    }

    private Exchange send(String endpoint, String prompt) {
        return template.send(endpoint, e -> e.getMessage().setBody(prompt));
    }

    private static GenerationTask done(Exchange exchange) {
        assertThat(exchange.getException()).isNull();
        GenerationTask task = exchange.getMessage().getBody(GenerationTask.class);
        assertThat(task.status()).isEqualTo(TaskStatus.SUCCEEDED);
        return task;
    }
}

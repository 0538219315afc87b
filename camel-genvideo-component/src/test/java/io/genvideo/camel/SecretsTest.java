/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.engine.Submission;
import io.genvideo.model.GenerationRequest;
import io.genvideo.spi.AccountSettings;
import java.util.Set;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Keys and prompts are seen by the service, and by nobody else. */
class SecretsTest {
    private static final String URI_KEY = "ima_Key0nTheUri";
    private static final String PROMPT = "a Pr1vate lake";

    private final ImaContext ima = new ImaContext();

    @AfterEach
    void stop() {
        ima.close();
    }

    private String onUri(String operation) {
        return "genvideo:ima/" + operation + "?apiKey=" + URI_KEY + "&baseUrl=" + ImaContext.base() + "&uploadUrl="
                + ImaContext.sandbox().imaUploadUri() + "&timeout=3s";
    }

    private void assertNothingShown(String what, Object shown) {
        assertThat(String.valueOf(shown)).as(what).doesNotContain(ima.key(), URI_KEY, PROMPT, "Pr1vate");
    }

    @Test
    void endpointsAreShownWithoutTheirKeys() {
        ima.start();
        GenvideoEndpoint endpoint = ima.camel().getEndpoint(onUri("text_to_video"), GenvideoEndpoint.class);

        assertNothingShown("endpoint", endpoint);
        assertNothingShown("base URI", endpoint.getEndpointBaseUri());
        assertNothingShown("account", endpoint.getEngineAccount().name());
        assertNothingShown("service", endpoint.getServiceUrl() + endpoint.getServiceMetadata());
        assertNothingShown("account settings", ImaContext.account(ima.key()));
        assertNothingShown("configuration", endpoint.getConfiguration());
    }

    @Test
    void settingsAndRequestsAreShownWithoutTheirSecrets() {
        GenerationRequest request = GenerationRequest.builder()
                .prompt(PROMPT)
                .parameter("style", "Pr1vate")
                .build();
        assertNothingShown("request", request);
        ima.start();
        GenvideoEndpoint endpoint = ima.camel().getEndpoint("genvideo:ima/text_to_video", GenvideoEndpoint.class);
        assertNothingShown(
                "submission",
                Submission.builder("r1", endpoint.getEngineAccount(), request, "f")
                        .build());
        assertNothingShown(
                "settings",
                AccountSettings.builder("ima", "ima")
                        .apiKey(ima.key())
                        .secretKey(URI_KEY)
                        .baseUrl("http://localhost")
                        .build());
    }

    @Test
    void managementShowsNoKey() throws Exception {
        ima.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:uri").to(onUri("text_to_video"));
                    }
                })
                .start();
        ima.generate("direct:uri", PROMPT);
        MBeanServer server =
                ima.camel().getManagementStrategy().getManagementAgent().getMBeanServer();
        Set<ObjectName> beans = server.queryNames(
                new ObjectName("org.apache.camel:context=" + ima.camel().getName() + ",*"), null);

        assertThat(beans).isNotEmpty();
        for (ObjectName bean : beans) {
            assertNothingShown("name of a bean", bean);
            for (MBeanAttributeInfo attribute : server.getMBeanInfo(bean).getAttributes()) {
                if (attribute.isReadable()) {
                    assertNothingShown(
                            bean + " " + attribute.getName(), server.getAttribute(bean, attribute.getName()));
                }
            }
        }
    }
}

/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.quarkus.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genvideo.camel.GenvideoComponent;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.Operation;
import io.genvideo.model.TaskStatus;
import io.genvideo.repository.memory.MemoryTaskRepository;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.GenerationProviderFactory;
import io.genvideo.spi.ProviderContext;
import io.genvideo.spi.ProviderDescriptor;
import io.genvideo.spi.ProviderDescriptor.CredentialSpec;
import io.genvideo.spi.TaskRepository;
import io.quarkus.arc.Arc;
import io.quarkus.test.QuarkusUnitTest;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An application in a test, with a key for one account only; the shell has another one, which does not count. */
class SandboxDevServiceTest {
    @RegisterExtension
    static final QuarkusUnitTest APPLICATION = new QuarkusUnitTest()
            .withApplicationRoot(root -> root.addClasses(Beans.class, OwnProviderFactory.class))
            // As an application.properties says it that expects the key from a variable
            .overrideConfigKey("camel.component.genvideo.accounts[skillsvideo].api-key", "${NO_SUCH_VARIABLE:}")
            .overrideConfigKey("camel.component.genvideo.accounts[agency].provider", "ima")
            .overrideConfigKey("camel.component.genvideo.accounts[agency].api-key", "ima_own")
            .overrideConfigKey("camel.component.genvideo.accounts[agency].base-url", "http://127.0.0.1:1")
            .overrideConfigKey("camel.component.genvideo.poll-interval", "200ms");

    /** No injection point asks for them. */
    static class Beans {
        @Produces
        @Singleton
        TaskRepository journal() {
            return new MemoryTaskRepository(InstantSource.system());
        }

        @Produces
        @Singleton
        GenerationProviderFactory provider() {
            return new OwnProviderFactory();
        }
    }

    static final class OwnProviderFactory implements GenerationProviderFactory {
        @Override
        public ProviderDescriptor descriptor() {
            return ProviderDescriptor.builder("own", "Own service", "https://example.com")
                    .operations(Operation.TEXT_TO_VIDEO)
                    .credentials(new CredentialSpec("apiKey", List.of("OWN_SERVICE_KEY"), true, "-"))
                    .build();
        }

        @Override
        public GenerationProvider create(ProviderContext context) {
            throw new UnsupportedOperationException();
        }
    }

    @Inject
    CamelContext context;

    @Inject
    ProducerTemplate template;

    @ConfigProperty(name = SandboxProcessor.URL)
    URI sandbox;

    @Test
    void makesVideoInTheSandboxAndRecordsItInTheJournalOfTheApplication() throws Exception {
        GenerationTask task = template.requestBody(
                "genvideo:ima/text_to_video?model=wan2.6-t2v", "a fox in the snow", GenerationTask.class);

        assertThat(task.status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(ledger()).contains(Objects.requireNonNull(task.handle()));
        TaskRepository journal = Arc.container().instance(TaskRepository.class).get();
        assertThat(journal.find(task.recordId())).isPresent();
    }

    @Test
    void overridesKeyThatIsEmpty() {
        GenvideoComponent component = context.getComponent("genvideo", GenvideoComponent.class);

        assertThat(component.getAccounts().get("skillsvideo").getApiKey()).isEqualTo("sandbox");
        assertThat(component.getAccounts().get("skillsvideo").getBaseUrl()).startsWith(sandbox.toString());
    }

    @Test
    void leavesAccountWithKeyAlone() {
        GenvideoComponent component = context.getComponent("genvideo", GenvideoComponent.class);

        assertThat(component.getAccounts().get("agency").getApiKey()).isEqualTo("ima_own");
        assertThat(component.getAccounts().get("agency").getBaseUrl()).isEqualTo("http://127.0.0.1:1");
        assertThat(component.getAccounts().get("agency").getUploadUrl()).isNull();
    }

    @Test
    void findsProviderOfTheApplication() {
        assertThatThrownBy(() -> template.requestBody("genvideo:own/text_to_video?model=any", "a fox"))
                .hasStackTraceContaining("Own service needs the credential 'apiKey'");
    }

    private String ledger() throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(sandbox.resolve("/sandbox/ledger"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }
}

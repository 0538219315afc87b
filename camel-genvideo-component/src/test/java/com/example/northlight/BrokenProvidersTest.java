/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package com.example.northlight;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.conformance.CapabilitiesKit;
import io.genvideo.conformance.ConformanceKit;
import io.genvideo.conformance.CrashKit;
import io.genvideo.conformance.CreateResponsesKit;
import io.genvideo.conformance.LifecycleKit;
import io.genvideo.conformance.LostResponsesKit;
import io.genvideo.conformance.OutageKit;
import io.genvideo.conformance.PollResponsesKit;
import io.genvideo.conformance.PortableOptionsKit;
import io.genvideo.conformance.ProviderConformanceKit;
import io.genvideo.conformance.RedactionKit;
import io.genvideo.conformance.ServiceProtocol;
import io.genvideo.model.GenerationOptions;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.Operation;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.LostSubmission;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.ReadyGeneration;
import io.genvideo.spi.RecoveryOutcome;
import io.genvideo.spi.SubmitOutcome;
import io.genvideo.spi.SubmittedTask;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.opentest4j.TestAbortedException;
import org.slf4j.LoggerFactory;

/** The conformance kit finds what it is there for: each defect of a provider fails a test of its topic. */
class BrokenProvidersTest {

    /** What is wrong with a provider, and which topic must notice. */
    enum Defect {
        SENDS_A_LOST_CREATE_CALL_AGAIN(LostResponsesKit.class) {
            @Override
            CompletionStage<SubmitOutcome> submit(ReadyGeneration ready) {
                return ready.submit()
                        .thenCompose(outcome -> outcome instanceof SubmitOutcome.Unknown
                                ? ready.submit()
                                : CompletableFuture.completedStage(outcome));
            }
        },
        CALLS_A_LOST_CREATE_CALL_DEFERRED(LostResponsesKit.class) {
            @Override
            CompletionStage<SubmitOutcome> submit(ReadyGeneration ready) {
                return ready.submit()
                        .thenApply(outcome -> outcome instanceof SubmitOutcome.Unknown unknown
                                ? new SubmitOutcome.Deferred(unknown.error().withRetryable(true), null)
                                : outcome);
            }
        },
        CALLS_EVERY_ERROR_REFUSED(CreateResponsesKit.class) {
            @Override
            CompletionStage<SubmitOutcome> submit(ReadyGeneration ready) {
                return ready.submit()
                        .thenApply(outcome -> outcome instanceof SubmitOutcome.Unknown unknown
                                ? new SubmitOutcome.Refused(unknown.error())
                                : outcome);
            }
        },
        GIVES_UP_WHEN_THE_SERVICE_IS_AWAY(OutageKit.class) {
            @Override
            CompletionStage<PollOutcome> poll(GenerationProvider provider, SubmittedTask task, CallOptions options) {
                return provider.poll(task, options)
                        .thenApply(outcome -> outcome instanceof PollOutcome.Trouble trouble
                                ? new PollOutcome.Failed(trouble.error(), null)
                                : outcome);
            }
        },
        FORGETS_RETRY_AFTER(PollResponsesKit.class) {
            @Override
            CompletionStage<PollOutcome> poll(GenerationProvider provider, SubmittedTask task, CallOptions options) {
                return provider.poll(task, options)
                        .thenApply(outcome -> outcome instanceof PollOutcome.Trouble trouble
                                ? new PollOutcome.Trouble(trouble.kind(), trouble.error(), null)
                                : outcome);
            }
        },
        CREATES_BEFORE_IT_IS_SUBMITTED(LifecycleKit.class) {
            @Override
            CompletionStage<ReadyGeneration> stage(ReadyGeneration ready) {
                return ready.submit().thenApply(outcome -> ready);
            }
        },
        CALLS_WHAT_A_CRASH_HAS_LOST_NOT_CREATED(CrashKit.class) {
            @Override
            CompletionStage<RecoveryOutcome> recover(GenerationProvider provider, LostSubmission lost) {
                return provider.recover(lost, CallOptions.DEFAULT)
                        .thenApply(
                                outcome -> new RecoveryOutcome.NotCreated(((RecoveryOutcome.Unclear) outcome).error()));
            }
        },
        DROPS_OPTIONS_IN_SILENCE(PortableOptionsKit.class) {
            @Override
            GenerationRequest request(GenerationRequest request) {
                return request.toBuilder().options(GenerationOptions.NONE).build();
            }
        },
        DOES_ANOTHER_OPERATION_INSTEAD(CapabilitiesKit.class) {
            @Override
            GenerationRequest request(GenerationRequest request) {
                return request.toBuilder()
                        .operation(request.inputs().isEmpty() ? Operation.TEXT_TO_VIDEO : Operation.IMAGE_TO_VIDEO)
                        .build();
            }
        },
        LOGS_THE_PROMPT(RedactionKit.class) {
            @Override
            GenerationRequest request(GenerationRequest request) {
                LoggerFactory.getLogger(BrokenProvidersTest.class).debug("Planning {}", request.prompt());
                return request;
            }
        };

        private final Class<? extends ConformanceKit> topic;

        Defect(Class<? extends ConformanceKit> topic) {
            this.topic = topic;
        }

        GenerationRequest request(GenerationRequest request) {
            return request;
        }

        CompletionStage<ReadyGeneration> stage(ReadyGeneration ready) {
            return CompletableFuture.completedStage(ready);
        }

        CompletionStage<SubmitOutcome> submit(ReadyGeneration ready) {
            return ready.submit();
        }

        CompletionStage<PollOutcome> poll(GenerationProvider provider, SubmittedTask task, CallOptions options) {
            return provider.poll(task, options);
        }

        CompletionStage<RecoveryOutcome> recover(GenerationProvider provider, LostSubmission lost) {
            return provider.recover(lost, CallOptions.DEFAULT);
        }
    }

    @ParameterizedTest
    @EnumSource
    void topicFindsTheDefect(Defect defect) throws Exception {
        assertThat(failures(defect.topic, new BrokenProtocol(defect))).isNotEmpty();
    }

    /** The names of the tests of a topic that fail, as far as the first. */
    private static List<String> failures(Class<? extends ConformanceKit> topic, ServiceProtocol protocol)
            throws IllegalAccessException, InvocationTargetException {
        ProviderConformanceKit kit = new ProviderConformanceKit() {
            @Override
            public ServiceProtocol protocol() {
                return protocol;
            }
        };
        return Arrays.stream(topic.getDeclaredMethods())
                .filter(method ->
                        method.isAnnotationPresent(Test.class) || method.isAnnotationPresent(TestFactory.class))
                .flatMap(method -> tests(kit, method))
                .filter(BrokenProvidersTest::fails)
                .map(DynamicTest::getDisplayName)
                .limit(1)
                .toList();
    }

    private static Stream<DynamicTest> tests(ConformanceKit kit, Method method) {
        if (method.isAnnotationPresent(Test.class)) {
            return Stream.of(DynamicTest.dynamicTest(method.getName(), () -> invoke(kit, method)));
        }
        try {
            return ((Stream<?>) invoke(kit, method)).map(DynamicTest.class::cast);
        } catch (Throwable e) {
            return Stream.of(DynamicTest.dynamicTest(method.getName(), () -> {
                throw e;
            }));
        }
    }

    private static Object invoke(ConformanceKit kit, Method method) throws Throwable {
        try {
            return method.invoke(kit);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static boolean fails(DynamicTest test) {
        try {
            test.getExecutable().execute();
            return false;
        } catch (TestAbortedException notForThisProvider) {
            return false;
        } catch (Throwable failure) {
            return true;
        }
    }
}

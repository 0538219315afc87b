/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.conformance;

import io.genvideo.model.GenerationRequest;
import io.genvideo.model.Operation;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.AccountSettings;
import io.genvideo.spi.GenerationProviderFactory;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * What the kit has to know about a provider: how to make it, and how its service talks. The kit runs a server that receives
 * the provider's calls, classifies them with {@link #callOf}, and sends the responses that this protocol returns. Methods may be called on
 * any thread. A protocol of a service with sessions may keep state: each test gets a new one.
 */
public interface ServiceProtocol {

    /** The factory under test. */
    GenerationProviderFactory factory();

    /**
     * An account whose every address is that of the kit's server.
     *
     * @param server scheme, host and port
     * @param apiKey to be set as the account's key
     */
    AccountSettings account(URI server, String apiKey);

    /**
     * A small valid request, without idempotency key; the kit sets the prompt.
     *
     * @param operation a generation that the descriptor declares
     */
    GenerationRequest.Builder request(Operation operation);

    /** Which call a request is. */
    ServiceCall callOf(ServiceRequest request);

    /** The response to a call that is neither a create nor a poll. */
    ServiceResponse supporting(ServiceRequest request);

    /** Whether the service names its tasks; false if their ids are the provider's own. */
    default boolean namesTasks() {
        return true;
    }

    /** The id of the n-th task, where the service's ids have a form. */
    default String taskId(int n) {
        return "task-" + n;
    }

    /**
     * The response to a create call: there is a task now.
     *
     * @param taskId escaped for JSON
     */
    ServiceResponse accepted(String taskId);

    /** The response to a streamed create call: a complete stream that ends with a result; empty if the service has none. */
    default Optional<ServiceResponse> streamed(String taskId, URI medium) {
        return Optional.empty();
    }

    /**
     * The response to a poll of a task that has not ended.
     *
     * @param status {@link TaskStatus#QUEUED} or {@link TaskStatus#RUNNING}
     */
    ServiceResponse pending(String taskId, TaskStatus status);

    /** The response to a poll of a task that has ended with one result. */
    ServiceResponse succeeded(String taskId, URI medium);

    /**
     * The response to a poll of a task that has failed.
     *
     * @param message escaped for JSON
     */
    ServiceResponse failed(String taskId, String message);

    /** The response to a poll of a task that was cancelled at the service; empty if there is no such state. */
    default Optional<ServiceResponse> cancelled(String taskId) {
        return Optional.empty();
    }

    /** The response to a poll of a task that the service does not know. */
    ServiceResponse unknownTask(String taskId);

    /** The service's own errors for create calls, at least one that is refused. Responses of foreign servers are the kit's. */
    List<CreateError> createErrors();

    /** The service's own errors for polls, without {@link #unknownTask}. */
    List<PollError> pollErrors();

    /** What becomes of each of the seven portable options in {@link #request} of the first generation of the descriptor. */
    List<PortableOption> portableOptions();
}

using System.Globalization;
using Likeness.Http.Renditions;
using Likeness.Imaging;
using Likeness.Stores;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Likeness.Http.Api;

/// <summary>Turns whatever went wrong into problem+json (RFC 9457): one line, no paths, nothing of the inside.</summary>
internal static class ApiProblems
{
    private const string MediaType = "application/problem+json";

    /// <summary>Null for a fault of our own, which the caller is told nothing about.</summary>
    public static ApiRefusedException? Of(Exception exception) => exception switch
    {
        ApiRefusedException refused => refused,
        ImageRefusedException { Reason: RefusalReason.FileTooLarge } image => new(StatusCodes.Status413PayloadTooLarge, image.Message),
        ImageRefusedException { Reason: RefusalReason.UnknownFormat } image => new(StatusCodes.Status415UnsupportedMediaType, image.Message),
        ImageRefusedException image => new(StatusCodes.Status422UnprocessableEntity, image.Message),
        PictureBlockedException blocked => new(StatusCodes.Status422UnprocessableEntity, blocked.Message),
        PortraitLockedException locked => new(StatusCodes.Status423Locked, locked.Message),
        StoreConflictException conflict => new(StatusCodes.Status409Conflict, conflict.Message),
        RenderUnavailableException => new(StatusCodes.Status503ServiceUnavailable, "No picture can be rendered now; try again later.") { RetryAfter = TimeSpan.FromSeconds(5) },
        TooManyRendersException many => new(StatusCodes.Status429TooManyRequests, "Too many pictures were rendered for this client; wait a moment.") { RetryAfter = many.RetryAfter },
        StoreUnavailableException { IsFull: true } => new(StatusCodes.Status507InsufficientStorage, "The server has no room to store this."),
        StoreUnavailableException => new(StatusCodes.Status503ServiceUnavailable, "The database cannot be reached now; try again later.") { RetryAfter = TimeSpan.FromSeconds(5) },
        BadHttpRequestException bad => new(bad.StatusCode, TitleOf(bad.StatusCode)),
        System.Text.Json.JsonException => new(StatusCodes.Status400BadRequest, "The body is not the JSON that is expected here."),
        _ => null,
    };

    public static Task Write(HttpContext context, int status, string detail, TimeSpan? retryAfter = null)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = MediaType;
        if (retryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        var problem = new ProblemDocument(TitleOf(status), status, detail);
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : response.WriteAsJsonAsync(problem, ApiJson.Default.ProblemDocument, MediaType, context.RequestAborted);
    }

    public static string TitleOf(int status) => ReasonPhrases.GetReasonPhrase(status);
}

/// <summary>A request that is not done; becomes problem+json (RFC 9457).</summary>
/// <param name="status">HTTP status code.</param>
/// <param name="message">One sentence for whoever wrote the program that asked.</param>
internal sealed class ApiRefusedException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;

    /// <summary>When to come back; null: not by waiting.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What is not there, and what this token must not know to be there.</summary>
    public static ApiRefusedException NotFound(string message = "There is no portrait of this address.") => new(404, message);
}

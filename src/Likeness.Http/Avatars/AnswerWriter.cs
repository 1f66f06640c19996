using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Likeness.Http;

/// <summary>Copies an answer out, or tells the client that it has it (L-52, L-54).</summary>
internal static class AnswerWriter
{
    public static async Task Write(HttpContext context, AvatarAnswer answer)
    {
        var response = context.Response;
        if (NotModified(context.Request, answer))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            Copy(answer.NotModifiedHeaders, response);
            return;
        }

        response.StatusCode = answer.Status;
        Copy(answer.Headers, response);
        if (!HttpMethods.IsHead(context.Request.Method) && !answer.Body.IsEmpty)
        {
            await response.BodyWriter.WriteAsync(answer.Body, context.RequestAborted);
        }
    }

    public static bool IsRead(HttpRequest request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);

    private static bool NotModified(HttpRequest request, AvatarAnswer answer)
    {
        var ifNoneMatch = request.Headers.IfNoneMatch;

        // What browsers send: the one tag they have.
        if (ifNoneMatch.Count == 1 && answer.Tag.Length > 0 && ifNoneMatch[0] == answer.Tag)
        {
            return IsRead(request);
        }

        var ifModifiedSince = request.Headers.IfModifiedSince;
        return (ifNoneMatch.Count > 0 || ifModifiedSince.Count > 0)
            && IsRead(request)
            && Preconditions.NotModified(answer, ifNoneMatch.Count > 0, Bytes(ifNoneMatch), Bytes(ifModifiedSince));
    }

    private static byte[] Bytes(StringValues values) => Encoding.UTF8.GetBytes(values.ToString());

    private static void Copy(IReadOnlyList<KeyValuePair<string, string>> headers, HttpResponse response)
    {
        foreach (var (name, value) in headers)
        {
            response.Headers[name] = value;
        }
    }
}

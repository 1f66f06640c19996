using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Likeness.Http;

/// <summary>The web server's handler for everything under <c>/avatar</c>: recalls or prepares the answer and copies it out.</summary>
public sealed class AvatarRoute(AvatarEndpoint endpoint)
{
    public async Task Serve(HttpContext context)
    {
        var answer = await Find(context);
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

    private ValueTask<AvatarAnswer> Find(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            return new(endpoint.OtherMethod(context.Request.Method));
        }

        var target = AvatarTarget.Of(context);
        return endpoint.TryRecall(target, out var answer) ? new(answer) : endpoint.Prepare(target, context.RequestAborted);
    }

    private static bool NotModified(HttpRequest request, AvatarAnswer answer)
    {
        var ifNoneMatch = request.Headers.IfNoneMatch;
        var ifModifiedSince = request.Headers.IfModifiedSince;
        return (ifNoneMatch.Count > 0 || ifModifiedSince.Count > 0)
            && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
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

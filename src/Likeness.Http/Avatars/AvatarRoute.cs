using Microsoft.AspNetCore.Http;

namespace Likeness.Http;

/// <summary>The web server's handler for everything under <c>/avatar</c>: recalls or prepares the answer and copies it out.</summary>
public sealed class AvatarRoute(AvatarEndpoint endpoint, AvatarSites sites)
{
    public async Task Serve(HttpContext context) => await AnswerWriter.Write(context, await Find(context));

    private ValueTask<AvatarAnswer> Find(HttpContext context)
    {
        var site = sites.Of(context.Request);
        if (!AnswerWriter.IsRead(context.Request))
        {
            return new(endpoint.OtherMethod(context.Request.Method, site));
        }

        var request = new AvatarRequest(AvatarTarget.Of(context, site.KeyPrefix), site, context.Connection.RemoteIpAddress);
        return endpoint.TryRecall(request, out var answer) ? new(answer) : endpoint.Prepare(request, context.RequestAborted);
    }
}

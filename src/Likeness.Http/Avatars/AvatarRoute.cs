using Likeness.Libravatar.Fetching;
using Microsoft.AspNetCore.Http;

namespace Likeness.Http;

/// <summary>The web server's handler for everything under <c>/avatar</c>: recalls or prepares the answer and copies it out.</summary>
public sealed class AvatarRoute(AvatarEndpoint endpoint, AvatarSites sites, AvatarMetrics metrics)
{
    public async Task Serve(HttpContext context)
    {
        var answer = await Find(context);
        await AnswerWriter.Write(context, answer);
        metrics.Count(context, answer);
    }

    private ValueTask<AvatarAnswer> Find(HttpContext context)
    {
        var site = sites.Of(context.Request);
        if (!AnswerWriter.IsRead(context.Request))
        {
            return new(endpoint.OtherMethod(context.Request.Method, site));
        }

        var request = new AvatarRequest(AvatarTarget.Of(context, site.KeyPrefix), site, context.Connection.RemoteIpAddress);
        if (endpoint.TryRecall(request, out var answer))
        {
            return new(answer);
        }

        metrics.CountPrepared();
        return endpoint.Prepare(request with { IsRelayed = context.Request.Headers.UserAgent == SafeFetch.Product }, context.RequestAborted);
    }
}

using Likeness.Http.Renditions;
using Likeness.Libravatar;

namespace Likeness.Http.Gravatar;

/// <summary>Row 4 of the decision order: what Gravatar shows for people nobody here knows, where the domain wants that (L-60…L-63).</summary>
public sealed class GravatarFallback(GravatarProxy proxy, GravatarRedirect redirect)
{
    /// <summary>Null answer: the default's turn. Short: Gravatar could not be asked just now.</summary>
    internal async ValueTask<(AvatarAnswer? Answer, bool IsShort)> Answer(AvatarRequest request, AvatarQuery query, AnswerLife life, CancellationToken cancellationToken)
    {
        var policy = request.Site.Policy;
        if (policy.Gravatar == GravatarMode.Off || query.Hash is not { } hash || (!policy.Md5 && !hash.IsSha256))
        {
            return default;
        }

        if (policy.Gravatar == GravatarMode.Redirect || query.GravatarRedirect)
        {
            return (request.Site.Answers.Redirect(redirect.To(hash, query, policy), "gravatar", life), false);
        }

        if (query.NoGravatarProxy)
        {
            return default;
        }

        var finding = await proxy.Find(hash, new RenditionWish(query.Size, AvatarEndpoint.ImageFormatOf(query.Format), request.Client), cancellationToken);
        return finding.Rendition is { } rendition
            ? (request.Site.Answers.Gravatar(rendition, finding.Changed, life), false)
            : (null, finding.HasFailed);
    }
}

using Likeness.AspNetCore.Proxy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.AspNetCore;

/// <summary>Maps the privacy proxy.</summary>
public static class AvatarEndpoints
{
    internal const string Name = "Likeness.Avatars";
    internal const string Token = "token";

    /// <summary>Serves everybody's avatars from this site, so that no avatar server sees its visitors and no page shows a hash. Answers only URLs that the site itself wrote, and <c>card.css</c>, the style sheet of cards (<see cref="AvatarTag.Card"/>); everything else gets 404.</summary>
    /// <param name="prefix">The path below which the pictures are.</param>
    public static IEndpointConventionBuilder MapAvatars(this IEndpointRouteBuilder endpoints, string prefix = "/avatars")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(prefix);
        var proxy = endpoints.ServiceProvider.GetService<AvatarProxy>() ?? throw new InvalidOperationException("MapAvatars needs services.AddAvatars().");
        return endpoints
            .MapMethods($"{prefix.TrimEnd('/')}/{{{Token}}}", [HttpMethods.Get, HttpMethods.Head], context => proxy.Answer(context, (string)context.GetRouteValue(Token)!))
            .WithName(Name);
    }
}

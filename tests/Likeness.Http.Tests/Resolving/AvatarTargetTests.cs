using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Likeness.Http.Tests.Resolving;

[Trait("Requirement", "L-20")]
public sealed class AvatarTargetTests
{
    [Theory]
    [InlineData("/avatar/0a?s=1&d=%2f", "0a?s=1&d=%2f")]
    [InlineData("/faces/base/avatar/0a.png?s=1", "0a.png?s=1")]
    [InlineData("http://example.org/base/avatar/0a?s=1", "0a?s=1")]
    [InlineData("/avatar/0a?u=/avatar/0b", "0a?u=/avatar/0b")]
    [InlineData("/avatar/%2e%2e/é", "%2e%2e/é")]
    public void The_target_is_what_follows_the_base_as_it_was_sent(string raw, string target) =>
        Text(raw, "/never/looked/at").ShouldBe(target);

    [Theory]
    [InlineData("/elsewhere?s=1", "/avatar/0a b", "0a%20b?s=1")]
    [InlineData("", "/avatar", "?s=1")]
    public void Where_a_proxy_changed_the_path_the_changed_one_counts(string raw, string path, string target) =>
        Text(raw, path).ShouldBe(target);

    [Fact]
    public void A_target_of_any_length_is_read_and_one_that_is_too_long_to_recall_is_told_so()
    {
        var context = Context("/avatar/" + new string('a', 5000), "/avatar/0a");

        AvatarTarget.TryWrite(context, [], new byte[4999], out _).ShouldBeFalse();
        AvatarTarget.Of(context, []).Length.ShouldBe(5000);
    }

    [Fact]
    public void The_prefix_of_the_domain_comes_first()
    {
        var context = Context("/avatar/0a", "/avatar/0a");

        AvatarTarget.Of(context, [0xFE, 0, 1]).ShouldBe([0xFE, 0, 1, (byte)'0', (byte)'a']);
    }

    private static string Text(string raw, string path) => Encoding.UTF8.GetString(AvatarTarget.Of(Context(raw, path), []));

    private static DefaultHttpContext Context(string raw, string path)
    {
        var context = new DefaultHttpContext();
        context.Features.Get<IHttpRequestFeature>()!.RawTarget = raw;
        context.Request.Path = path;
        context.Request.QueryString = new QueryString("?s=1");
        return context;
    }
}

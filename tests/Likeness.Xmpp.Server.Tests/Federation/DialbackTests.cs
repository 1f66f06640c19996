using System.Text;
using Likeness.Xmpp.Server.Federation;

namespace Likeness.Xmpp.Server.Tests.Federation;

public sealed class DialbackTests
{
    [Theory]
    [Trait("Requirement", "C-193")]
    [Trait("Requirement", "F-11")]
    [InlineData("s3cr3tf0rd14lb4ck", "montague.example", "capulet.example", "D60000229F", "b4835385f37fe2895af6c196b59097b16862406db80559900d96bf6fa7d23df3")]
    [InlineData("d14lb4ck43v3r", "capulet.example", "montague.example", "417GAF25", "225cc5aa6a071133249d25fef42ae516fc7a86c523aa1c6980a7f73e784c972d")]
    public void Keys_are_made_as_in_the_examples_of_the_specification(string secret, string receiving, string originating, string id, string key) =>
        Dialback.KeyFor(Encoding.UTF8.GetBytes(secret), receiving, originating, id).ShouldBe(key);

    [Fact]
    [Trait("Requirement", "F-11")]
    public void A_key_is_known_after_a_restart_and_by_nobody_with_another_secret()
    {
        var options = new XmppServerOptions();
        var key = new Dialback(options).KeyFor("montague.example", "capulet.example", "1");

        new Dialback(options with { MaxResources = 1 }).IsKey($" {key}\n", "montague.example", "capulet.example", "1").ShouldBeTrue();
        new Dialback(options).IsKey(key, "capulet.example", "montague.example", "1").ShouldBeFalse();
        new Dialback(new XmppServerOptions()).IsKey(key, "montague.example", "capulet.example", "1").ShouldBeFalse();
        new Dialback(options).IsKey("", "montague.example", "capulet.example", "1").ShouldBeFalse();
    }
}

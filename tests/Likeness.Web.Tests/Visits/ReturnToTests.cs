namespace Likeness.Web.Tests.Visits;

/// <summary>Where apps want people back that sent them here.</summary>
[Trait("Requirement", "P-89")]
public sealed class ReturnToTests
{
    [Theory]
    [InlineData("https://forge.example.org/me", true)]
    [InlineData("http://localhost:5000/me", true)]
    [InlineData("http://forge.example.org/me", false)]
    [InlineData("ftp://localhost:5000/me", false)]
    [InlineData("javascript://localhost:5000/%0Aalert(1)", false)]
    [InlineData("https://user@forge.example.org/me", false)]
    [InlineData("https://localhost:5001/me", false)]
    public void It_is_a_page_of_a_host_that_the_operator_named_and_in_the_clear_one_on_this_machine(string text, bool isOne)
    {
        var options = new PageOptions { ReturnHosts = ["forge.example.org", "localhost:5000"] };
        (options.ReturnTo(text) is not null).ShouldBe(isOne);
        options.ReturnTo(text + new string('x', 2048)).ShouldBeNull();
    }
}

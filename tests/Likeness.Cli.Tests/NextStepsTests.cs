using System.Net;
using Likeness.Server;
using Likeness.Server.Options;

namespace Likeness.Cli.Tests;

public sealed class NextStepsTests
{
    private static readonly BoundAddresses Bound = new([new IPEndPoint(IPAddress.Any, 8080)], [], [new IPEndPoint(IPAddress.Any, 5222)], []);
    private static readonly LikenessOptions Options = new() { DataDirectory = "/var/lib/likeness", Domains = ["example.org"] };

    [Fact]
    public void A_started_server_names_the_next_commands_with_its_data_directory()
    {
        var said = NextSteps.For(Options, Bound, container: null);

        said.ShouldContain("  next    likeness user add you@example.org --data /var/lib/likeness");
        said.ShouldContain("  then    likeness avatar set you@example.org portrait.jpg --data /var/lib/likeness");
    }

    [Fact]
    [Trait("Requirement", "D-34")]
    public void In_a_container_they_are_commands_of_its_host()
    {
        var said = NextSteps.For(Options, Bound, container: "3f2a");

        said.ShouldContain("  next    docker exec -it 3f2a likeness user add you@example.org");
        said.ShouldContain("  then    docker exec -i 3f2a likeness avatar set you@example.org /dev/stdin <portrait.jpg");
        said.ShouldContain("  see     docker exec -it 3f2a likeness check example.org");
        said.ShouldNotContain("--data");
    }

    [Fact]
    [Trait("Requirement", "D-34")]
    public void The_invitation_of_whoever_is_to_administer_is_printed()
    {
        var said = NextSteps.For(Options with { AdminInvite = "juliet@example.org" }, Bound, container: "3f2a", $"https://faces.example.org/invite/x{Environment.NewLine}xmpp:juliet@example.org?register");

        said.ShouldContain("juliet@example.org, good once");
        said.ShouldContain("  https://faces.example.org/invite/x");
        said.ShouldContain("  xmpp:juliet@example.org?register");
    }

    [Theory]
    [InlineData("/usr/lib/likeness/", true)]
    [InlineData("/home/anne/likeness/src/Likeness.Cli/bin/Release/net10.0/", false)]
    public void A_checkout_in_a_container_is_no_image(string program, bool isImage) => NextSteps.IsImage(program).ShouldBe(isImage);
}

using Likeness.Libravatar.Discovery;

namespace Likeness.Libravatar.Tests.Discovery;

[Trait("Requirement", "L-86")]
public sealed class HostSanityTests
{
    [Theory]
    [Trait("Requirement", "L-85")]
    [InlineData("avatars.example.", "avatars.example")]
    [InlineData("AVATARS.Example", "avatars.example")]
    [InlineData("xn--bcher-kva.example", "xn--bcher-kva.example")]
    [InlineData("1.2.3.example", "1.2.3.example")]
    [InlineData("a", "a")]
    public void Host_names_pass_without_their_last_dot(string name, string expected)
    {
        HostSanity.TryClean(name, out var host).ShouldBeTrue();
        host.ShouldBe(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a..example")]
    [InlineData(".example")]
    [InlineData("avatars.example..")]
    [InlineData("a b.example")]
    [InlineData("x/y.example")]
    [InlineData("h.example\n")]
    [InlineData("h.example:80")]
    [InlineData("user@h.example")]
    [InlineData("h.example?a")]
    [InlineData("h.example#a")]
    [InlineData("h\\.example")]
    [InlineData("under_score.example")]
    [InlineData("-a.example")]
    [InlineData("a-.example")]
    [InlineData("b\u00FCcher.example")]
    [InlineData("192.0.2.1")]
    [InlineData("192.0.2.1.")]
    [InlineData("0x7f.0x1")]
    [InlineData("2130706433")]
    [InlineData("::1")]
    [InlineData("[::1]")]
    public void Everything_else_does_not(string name) => HostSanity.TryClean(name, out _).ShouldBeFalse();

    [Fact]
    public void Lengths_are_limited()
    {
        var label = new string('a', 63);

        HostSanity.TryClean($"{label}.example", out _).ShouldBeTrue();
        HostSanity.TryClean($"a{label}.example", out _).ShouldBeFalse();
        HostSanity.TryClean($"{label}.{label}.{label}.{new string('a', 61)}", out _).ShouldBeTrue();
        HostSanity.TryClean($"{label}.{label}.{label}.{new string('a', 62)}", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(65_535, true)]
    [InlineData(65_536, false)]
    public void Ports_are_1_to_65535(int port, bool isPort) => HostSanity.IsPort(port).ShouldBe(isPort);
}

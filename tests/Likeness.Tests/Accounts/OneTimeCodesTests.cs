using System.Text;
using Likeness.Accounts;

namespace Likeness.Tests.Accounts;

[Trait("Requirement", "P-12")]
public sealed class OneTimeCodesTests
{
    private static readonly byte[] Secret = "12345678901234567890"u8.ToArray();

    // RFC 6238 appendix B, the last six digits.
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void Codes_are_those_of_the_specification(long seconds, string code)
    {
        var time = DateTimeOffset.FromUnixTimeSeconds(seconds);
        OneTimeCodes.At(Secret, OneTimeCodes.StepAt(time)).ShouldBe(code);
        OneTimeCodes.StepOf(Secret, code, time).ShouldBe(seconds / 30);
    }

    [Fact]
    public void A_clock_may_be_wrong_by_half_a_minute_and_no_more()
    {
        var time = DateTimeOffset.FromUnixTimeSeconds(1_000_000_020);
        foreach (var (seconds, isGood) in new[] { (-60, false), (-30, true), (0, true), (30, true), (60, false) })
        {
            var code = OneTimeCodes.At(Secret, OneTimeCodes.StepAt(time.AddSeconds(seconds)));
            (OneTimeCodes.StepOf(Secret, code, time) is not null).ShouldBe(isGood, $"{seconds} s");
        }

        OneTimeCodes.StepOf(Secret, "", time).ShouldBeNull();
        OneTimeCodes.StepOf(Secret, "12345", time).ShouldBeNull();
        OneTimeCodes.StepOf(Secret, "٠١٢٣٤٥", time).ShouldBeNull();
    }

    // RFC 4648 §10
    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Secrets_are_written_as_people_type_them(string bytes, string text) => OneTimeCodes.Text(Encoding.ASCII.GetBytes(bytes)).ShouldBe(text);
}

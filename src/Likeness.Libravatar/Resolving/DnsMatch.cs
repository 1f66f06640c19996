using System.Security.Cryptography;

namespace Likeness.Libravatar.Resolving;

/// <summary>What ties an answer to its question (RFC 5452): a random id, the question repeated and, if wanted, its random spelling.</summary>
internal static class DnsMatch
{
    public static ushort NextId() => (ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1);

    /// <summary>Resolvers repeat the name as it was spelled; who only guesses an answer has to guess that too (draft-vixie-dnsext-dns0x20).</summary>
    public static DnsQuestion MixCase(DnsQuestion question)
    {
        var bits = RandomNumberGenerator.GetBytes(question.Name.Length);
        return question with
        {
            Name = string.Create(question.Name.Length, (question.Name, bits), static (spelled, source) =>
            {
                for (var index = 0; index < spelled.Length; index++)
                {
                    var character = source.Name[index];
                    spelled[index] = (source.bits[index] & 1) == 0 ? char.ToLowerInvariant(character) : char.ToUpperInvariant(character);
                }
            }),
        };
    }

    public static bool Belongs(DnsMessage answer, DnsQuestion question, ushort id, bool isCaseExact)
    {
        if (answer.Id != id)
        {
            return false;
        }

        // A server that cannot read the question cannot repeat it.
        if (answer.Question is null)
        {
            return answer.ResponseCode is DnsResponseCode.FormatError or DnsResponseCode.NotImplemented;
        }

        var comparison = isCaseExact ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        return answer.Question.Type == question.Type && answer.Question.Name.Equals(question.Name.TrimEnd('.'), comparison);
    }
}

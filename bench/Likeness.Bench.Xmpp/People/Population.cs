namespace Likeness.Bench.Xmpp.People;

/// <summary>
/// Who exists on the server: the first <see cref="Circle"/> users sit in a ring and each has the <see cref="Contacts"/> nearest ones
/// as mutual contacts; the others know nobody.
/// </summary>
sealed record Population(int Users, int Circle = 200, int Contacts = 20)
{
    public const string Password = "a rather plain password";

    /// <summary>PBKDF2 rounds of every stored password, the same on each server.</summary>
    public const int Iterations = 10_000;

    public IEnumerable<int> ContactsOf(int user) =>
        Enumerable.Range(1, Contacts / 2).SelectMany(step => new[] { (user + step) % Circle, (user - step + Circle) % Circle });

    /// <summary>The place of <paramref name="contact"/> among the contacts of <paramref name="user"/>, −1 for a stranger.</summary>
    public int PlaceOf(int contact, int user)
    {
        var ahead = (contact - user + Circle) % Circle;
        if (ahead >= 1 && ahead <= Contacts / 2)
            return ahead - 1;
        var behind = Circle - ahead;
        return ahead != 0 && behind <= Contacts / 2 ? Contacts / 2 + behind - 1 : -1;
    }

    public IReadOnlyList<int> CircleMembers => [.. Enumerable.Range(0, Circle)];

    /// <summary>Users without contacts, from the first one on.</summary>
    public IReadOnlyList<int> Loners(int count) => count <= Users - Circle
        ? [.. Enumerable.Range(Circle, count)]
        : throw new InvalidOperationException($"{count} users without contacts are wanted, {Users - Circle} exist");
}

using Likeness.Stores;

namespace Likeness.Accounts;

/// <summary>What there is to be done.</summary>
public enum Right
{
    /// <summary>See and take away pictures, whoever else may see them; decide about reports.</summary>
    Pictures,

    /// <summary>Find, invite, disable and delete people.</summary>
    People,

    /// <summary>What is nobody's in particular: roles, settings, the state of the server.</summary>
    Server,
}

/// <summary>What one account may do for and to others, and where. Nobody may anything that no role says.</summary>
public sealed class Rights(bool isOperator, IReadOnlyDictionary<string, Role> domains)
{
    public static Rights None { get; } = new(isOperator: false, new Dictionary<string, Role>());

    public bool IsOperator => isOperator;

    /// <summary>To whose people it may be done; null: to those of all domains.</summary>
    public IReadOnlyList<string>? DomainsOf(Right right) => isOperator ? null : [.. domains.Keys.Where(domain => Has(right, domain)).Order(StringComparer.Ordinal)];

    /// <summary>Whether it may be done to people of this domain.</summary>
    public bool Has(Right right, string domain) => isOperator || (domains.TryGetValue(domain, out var role) && right switch
    {
        Right.Pictures => role is Role.Moderator or Role.Administrator,
        Right.People => role is Role.Administrator,
        _ => false,
    });

    /// <summary>Whether it may be done to anybody at all.</summary>
    public bool Has(Right right) => isOperator || domains.Keys.Any(domain => Has(right, domain));

    /// <summary>Whether somebody with these rights may be shut out, or helped in, without that giving or taking more than one has.</summary>
    public bool Covers(Rights other) => isOperator || (!other.IsOperator && other.DomainsOf(Right.Pictures)!.All(domain => Has(Right.People, domain)));
}

/// <summary>Who may do what: operators that the configuration names, and roles that were given since. Asked anew each time, so that what was taken back counts no more on any server.</summary>
/// <param name="named">Those of the configuration; null: none.</param>
public sealed class RoleBook(IRoleStore stored, ReservedNames? named = null)
{
    private volatile IReadOnlySet<string> _operators = named?.Accounts ?? new HashSet<string>();

    public async ValueTask<Rights> Of(Identity account, CancellationToken cancellationToken = default)
    {
        if (named?.Accounts.Contains(account.Value) is true)
        {
            return new Rights(isOperator: true, new Dictionary<string, Role>());
        }

        var roles = await stored.Of(account, cancellationToken);
        return roles.Count == 0
            ? Rights.None
            : new Rights(
                roles.Any(role => role is { Role: Role.Operator, Domain: null }),
                roles.Where(role => role.Domain is not null).ToDictionary(role => role.Domain!, role => role.Role, StringComparer.Ordinal));
    }

    /// <summary>As of the last <see cref="Refresh"/>, without asking the database.</summary>
    /// <param name="account">A bare address.</param>
    public bool IsOperator(string account) => _operators.Contains(account);

    /// <summary>Those of the configuration, who lose it there alone.</summary>
    public IEnumerable<Identity> Named => named?.Accounts.Order(StringComparer.Ordinal).Select(account => new Identity(account)) ?? [];

    /// <summary>Looks who the operators are; to be called at the start, now and then, and after a change.</summary>
    public async ValueTask Refresh(CancellationToken cancellationToken = default)
    {
        var operators = new HashSet<string>(named?.Accounts ?? new HashSet<string>(), StringComparer.Ordinal);
        operators.UnionWith((await stored.List(cancellationToken)).Where(role => role is { Role: Role.Operator, Domain: null }).Select(role => role.Account.Value));
        _operators = operators;
    }
}

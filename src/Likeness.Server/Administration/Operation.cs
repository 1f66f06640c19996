using System.Text.Json.Serialization;

namespace Likeness.Server.Administration;

/// <summary>Something an operator does. It travels as JSON to a running server, or runs right here when there is none.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "operation")]
[JsonDerivedType(typeof(AddUser), "user add")]
[JsonDerivedType(typeof(ChangePassword), "user passwd")]
[JsonDerivedType(typeof(ListUsers), "user list")]
[JsonDerivedType(typeof(RemoveUser), "user remove")]
[JsonDerivedType(typeof(SetAvatar), "avatar set")]
[JsonDerivedType(typeof(GetAvatar), "avatar get")]
[JsonDerivedType(typeof(ClearAvatar), "avatar clear")]
[JsonDerivedType(typeof(AddToken), "token add")]
[JsonDerivedType(typeof(ListTokens), "token list")]
[JsonDerivedType(typeof(RemoveToken), "token remove")]
[JsonDerivedType(typeof(AddWebhook), "webhook add")]
[JsonDerivedType(typeof(ListWebhooks), "webhook list")]
[JsonDerivedType(typeof(TestWebhook), "webhook test")]
[JsonDerivedType(typeof(RemoveWebhook), "webhook remove")]
public abstract record Operation
{
    /// <summary>Throws <see cref="OperationRefusedException"/> with the one sentence the operator is to read.</summary>
    public abstract Task<Answer> Run(Workplace workplace, CancellationToken cancellation);
}

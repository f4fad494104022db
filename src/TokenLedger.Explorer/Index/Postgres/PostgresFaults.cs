// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using Npgsql;
using TokenLedger.Core.Codec;
using TokenLedger.Storage;

namespace TokenLedger.Explorer.Index.Postgres;

/// <summary>
/// What failures of the database mean. Nearly all are a state that passes: a restart, a lost connection, a
/// full disk, a changed password. What stays wrong ends the process.
/// </summary>
internal static class PostgresFaults
{
    /// <summary>Whether a failure is of the database or of the way to it.</summary>
    public static bool IsOne(Exception e) =>
        e is NpgsqlException or SocketException or IOException or TimeoutException
            or CanonicalFormatException or OverflowException or InvalidCastException;

    /// <summary>What it is called.</summary>
    public static Exception Of(Exception e) => e switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } barred =>
            new IndexUnavailableException(
                "INDEX_REFUSED",
                $"PostgreSQL refuses: {barred.MessageText}. Give this user the rights that README.md names.",
                e),
        PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable } =>
            new IndexUnavailableException(
                "INDEX_IN_USE",
                "Somebody still reads what is to be removed: a file that is being downloaded, or a query of"
                    + " one's own. Nothing was removed; try again later.",
                e),
        PostgresException { SqlState: ['4', '2', ..] } missing => new StorageFault(
            StorageFaultKind.Version, StorageScope.Process,
            $"PostgreSQL has not the tables of this index: {missing.MessageText}. Run tokenledger-explorer"
                + " rebuild, which makes it anew beside it.",
            e),
        PostgresException { SqlState: ['2', '2' or '3', ..] } wrong => Corrupt(wrong.MessageText, e),
        CanonicalFormatException or OverflowException or InvalidCastException => Corrupt(e.Message, e),
        PostgresException refused => new IndexUnavailableException(
            "INDEX_UNAVAILABLE", $"PostgreSQL answers {refused.SqlState}: {refused.MessageText}", e),
        _ => new IndexUnavailableException(
            "INDEX_UNAVAILABLE", $"PostgreSQL is not reachable: {e.Message}", e),
    };

    /// <summary>Does something with the database.</summary>
    public static async ValueTask<T> GuardAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception e) when (IsOne(e))
        {
            throw Of(e);
        }
    }

    private static StorageFault Corrupt(string what, Exception cause) => new(
        StorageFaultKind.Corrupt, StorageScope.Process,
        $"The index in PostgreSQL does not hold what was written: {what} Run tokenledger-explorer rebuild,"
            + " which makes it anew beside it.",
        cause);
}

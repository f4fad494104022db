// SPDX-License-Identifier: Apache-2.0
using Npgsql;
using TokenLedger.Core.Json;
using TokenLedger.Explorer.Index.Postgres;

namespace TokenLedger.Explorer.Configuration;

/// <summary>Reads where PostgreSQL is. A password stands in a file of its own, never in the
/// configuration.</summary>
internal static class PostgresOptionsReader
{
    private const int MaxText = 4 * 1024;

    /// <summary>Reads connection and passwordFile.</summary>
    /// <exception cref="StrictJsonException">They are none.</exception>
    /// <exception cref="ExplorerConfigurationException">CONNECTION_INVALID.</exception>
    public static PostgresSettings Read(StrictObject file, string folder)
    {
        StrictValue value = file.Required("connection");
        NpgsqlConnectionStringBuilder connection = Parse(value);
        string? password = file.TryGet("passwordFile", out StrictValue path)
            ? ExplorerOptionsFile.PathOf(path, folder)
            : null;
        return password is null || connection.Passfile is null
            ? new PostgresSettings(connection.ConnectionString, password)
            : throw path.Unexpected("one of passwordFile and Passfile, not both");
    }

    private static NpgsqlConnectionStringBuilder Parse(StrictValue value)
    {
        NpgsqlConnectionStringBuilder connection;
        string text = value.Text(MaxText);
        try
        {
            connection = new NpgsqlConnectionStringBuilder(text);
        }
#pragma warning disable CA1031 // Npgsql refuses with any of a handful of exceptions.
        catch (Exception)
#pragma warning restore CA1031
        {
            throw Wrong(
                value,
                "is not in Npgsql's form, such as Host=/run/postgresql;Database=explorer;Username=pages");
        }

        return string.IsNullOrEmpty(connection.Host) || string.IsNullOrEmpty(connection.Database)
            ? throw Wrong(value, "lacks Host or Database")
            : connection.Password is null && connection.SslPassword is null
                ? connection
                : throw Wrong(
                    value, "holds a password; put it into passwordFile, PGPASSFILE or ~/.pgpass, where only"
                        + " this user reads it");
    }

    /// <summary>Says what is wrong without showing the text, which may hold a password.</summary>
    private static ExplorerConfigurationException Wrong(StrictValue value, string what) =>
        new("CONNECTION_INVALID", $"{value.Path} {what}.");
}

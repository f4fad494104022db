// SPDX-License-Identifier: Apache-2.0
using Npgsql;

namespace TokenLedger.Explorer.Index.Postgres;

/// <summary>Where the database is. What it prints never shows a password.</summary>
/// <param name="Connection">Npgsql's connection string without a password.</param>
/// <param name="PasswordFile">Absolute path of a file whose first line is the password; null for PGPASSFILE,
/// ~/.pgpass or none.</param>
internal sealed record PostgresSettings(string Connection, string? PasswordFile)
{
    /// <summary>Longest password that is read, in bytes.</summary>
    private const int MaxPasswordBytes = 4 * 1024;

    private const int WriterCommandSeconds = 600;

    /// <summary>Many short readers.</summary>
    public NpgsqlDataSource Readers() => Source(pooling: true);

    /// <summary>The one writer: a connection that is closed is gone, and its lock with it.</summary>
    public NpgsqlDataSource Writer() => Source(pooling: false);

    private NpgsqlDataSource Source(bool pooling)
    {
        var builder = new NpgsqlDataSourceBuilder(Connection);
        NpgsqlConnectionStringBuilder settings = builder.ConnectionStringBuilder;
        settings.ApplicationName ??= "tokenledger-explorer";
        settings.Pooling = pooling;
        settings.MaxAutoPrepare = 100;
        settings.AutoPrepareMinUsages = 2;
        if (!pooling)
        {
            settings.CommandTimeout = WriterCommandSeconds;
        }

        if (PasswordFile is { } file)
        {
            // Read for each connection: a changed password needs no restart.
            builder.UsePasswordProvider(
                _ => PasswordOf(file), (_, _) => ValueTask.FromResult(PasswordOf(file)));
        }

        return builder.Build();
    }

    private static string PasswordOf(string file)
    {
        using FileStream stream = File.OpenRead(file);
        if (stream.Length > MaxPasswordBytes)
        {
            throw new IOException(
                $"{file} has more than {MaxPasswordBytes} bytes; a password file has one line.");
        }

        using var reader = new StreamReader(stream);
        return reader.ReadLine() ?? "";
    }
}

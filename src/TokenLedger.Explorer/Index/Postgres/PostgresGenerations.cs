// SPDX-License-Identifier: Apache-2.0
using Npgsql;
using TokenLedger.Core;

namespace TokenLedger.Explorer.Index.Postgres;

/// <summary>The generations in a database. Projectors and web processes go over by themselves.</summary>
internal sealed class PostgresGenerations(PostgresSettings settings, Hash256 genesisHash) : IGenerations
{
    private readonly NpgsqlDataSource _source = settings.Writer();

    public async Task<IIndexStore> OpenBuildingAsync(CancellationToken cancellationToken) =>
        await PostgresIndexStore
            .OpenAsync(settings, genesisHash, PostgresUse.Rebuild, cancellationToken).ConfigureAwait(false);

    public Task<int> SwitchAsync(CancellationToken cancellationToken) => WithAsync(async connection =>
    {
        Generation built = await Generations.BuildingAsync(connection, genesisHash, cancellationToken)
            .ConfigureAwait(false);
        await using (var analyze = new NpgsqlCommand("ANALYZE", connection))
        {
            // Readers' plans are made from what the tables hold now.
            await analyze.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }

        await Generations.SwitchAsync(connection, built.Number, cancellationToken).ConfigureAwait(false);
        return built.Number;
    });

    public Task<int> RollBackAsync(CancellationToken cancellationToken) => WithAsync(async connection =>
    {
        Generation kept = await Generations.KeptAsync(connection, genesisHash, cancellationToken)
            .ConfigureAwait(false) ?? throw new NoGenerationException();
        await Generations.SwitchAsync(connection, kept.Number, cancellationToken).ConfigureAwait(false);
        return kept.Number;
    });

    public Task<IReadOnlyList<int>> PruneAsync(CancellationToken cancellationToken) =>
        WithAsync(connection => Generations.DropKeptAsync(connection, cancellationToken));

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task<T> WithAsync<T>(Func<NpgsqlConnection, Task<T>> work) =>
        await PostgresFaults.GuardAsync(async () =>
        {
            await using NpgsqlConnection connection = await _source.OpenConnectionAsync()
                .ConfigureAwait(false);
            return await work(connection).ConfigureAwait(false);
        }).ConfigureAwait(false);
}

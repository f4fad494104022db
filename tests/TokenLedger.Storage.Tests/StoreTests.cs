// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Storage.Tests;

public sealed class MemoryStoreTests() : KeyValueStoreContract(new MemoryHarness());

public sealed class RocksKeyValueStoreTests() : KeyValueStoreContract(new RocksHarness());

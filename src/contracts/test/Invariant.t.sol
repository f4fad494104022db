// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TokenState} from "../src/TLBooks.sol";
import {MintItem, TLBridge} from "../src/TLBridge.sol";
import {Proof} from "../src/TLProof.sol";
import {Base} from "./Base.sol";

/// @title A ledger that locks, attests, gives back and releases, and chance that brings its messages.
/// @notice It keeps what happened to each nonce, so that a lock minted twice cannot look like two locks.
contract GhostLedger is Base {
    enum Fate {
        None,
        Locked,
        Minted,
        Voided
    }

    struct Lock {
        address to;
        uint128 amount;
        Fate fate;
    }

    mapping(uint64 nonce => Lock lock) private locks;
    address[3] private holders = [ALICE, BOB, NOBODY];
    uint64 private lastNonce;
    uint256 public cumLocked;
    uint256 public locked;
    uint256 public supply;
    uint256 public released;
    bytes32 public acc;
    uint64 public burns;
    bool public failed;

    constructor() {
        _start(4);
    }

    function lock(uint256 who, uint128 amount) external {
        amount = amount % (550 * UNIT);
        ++lastNonce;
        locks[lastNonce] = Lock(holders[who % 3], amount, Fate.Locked);
        cumLocked += amount;
        locked += amount;
    }

    function mint(uint256 first, uint256 count, bool liar) external {
        if (lastNonce == 0) return;
        count = 1 + count % 4;
        MintItem[] memory items = new MintItem[](count);
        for (uint256 i = 0; i < count; ++i) {
            uint64 nonce = uint64(1 + (first % lastNonce + i) % lastNonce);
            items[i] = MintItem(nonce, locks[nonce].to, locks[nonce].amount);
        }
        if (liar) {
            // One short of a quorum signs more.
            items[0].amount += 1;
            bytes32 digest = _batchDigest(address(token), items, SOON, cumLocked);
            Proof memory proof = _sign(digest, hot, hotKeys, 2);
            try bridge.mintBatch(address(token), items, SOON, cumLocked, proof) {
                failed = true;
            } catch {}
            return;
        }
        uint256[3] memory before = _balances();
        bool[] memory known = new bool[](count);
        for (uint256 i = 0; i < count; ++i) {
            known[i] = locks[items[i].nonce].fate == Fate.Locked && !bridge.isConsumed(items[i].nonce);
        }
        _mint(token, items, cumLocked);
        for (uint256 i = 0; i < count; ++i) {
            Lock storage lock_ = locks[items[i].nonce];
            if (!known[i] || lock_.fate != Fate.Locked || !bridge.isConsumed(items[i].nonce)) continue;
            lock_.fate = Fate.Minted;
            supply += lock_.amount;
            for (uint256 j = 0; j < 3; ++j) {
                if (holders[j] == lock_.to) before[j] += lock_.amount;
            }
        }
        uint256[3] memory balances = _balances();
        for (uint256 j = 0; j < 3; ++j) {
            if (balances[j] != before[j]) failed = true;
        }
    }

    function void(uint256 which) external {
        if (lastNonce == 0) return;
        uint64[] memory nonces = new uint64[](1);
        nonces[0] = uint64(1 + which % lastNonce);
        bridge.voidNonces(address(token), nonces, _hot(_voidDigest(address(token), nonces)));
        Lock storage lock_ = locks[nonces[0]];
        if (lock_.fate == Fate.Locked) {
            lock_.fate = Fate.Voided;
            locked -= lock_.amount;
        }
    }

    function burn(uint256 who, uint128 amount) external {
        address from = holders[who % 3];
        amount = uint128(amount % (token.balanceOf(from) + 2));
        uint256 available = bridge.state(address(token)).burnAvailable;
        bool can = amount != 0 && amount <= token.balanceOf(from) && amount <= available;
        vm.prank(from);
        try bridge.burn(address(token), amount, RECIPIENT) {
            if (!can) failed = true;
            ++burns;
            acc = keccak256(abi.encode(acc, burns, address(token), from, RECIPIENT, amount));
            supply -= amount;
            locked -= amount;
            released += amount;
        } catch {
            if (can) failed = true;
        }
    }

    function transfer(uint256 from, uint256 to, uint256 amount) external {
        amount = amount % (token.balanceOf(holders[from % 3]) + 1);
        bool can = token.canTransfer(holders[from % 3], holders[to % 3], amount);
        vm.prank(holders[from % 3]);
        try token.transfer(holders[to % 3], amount) {
            if (!can) failed = true;
        } catch {
            if (can) failed = true;
        }
    }

    function wait(uint256 time) external {
        vm.warp(block.timestamp + time % 12 hours);
    }

    function register(bool listed) external {
        vm.prank(REGISTRY);
        d.eligibility.setHolder(NOBODY, listed ? 1 : 0, 276, SOON, false);
    }

    function rotate() external {
        uint64 next = set.epoch() + 1;
        set.rotate(hot, next, 0, _hot(_rotateDigest(hot, next, 0)));
    }

    function check() external view {
        _true(!failed);
        TokenState memory state = bridge.state(address(token));
        // The ledger's books and the chain's, lock for lock.
        uint256 inFlight = 0;
        uint256 minted = 0;
        for (uint64 nonce = 1; nonce <= lastNonce; ++nonce) {
            Lock storage lock_ = locks[nonce];
            _true(bridge.isConsumed(nonce) == (lock_.fate != Fate.Locked));
            if (lock_.fate == Fate.Locked) inFlight += lock_.amount;
            if (lock_.fate == Fate.Minted) minted += lock_.amount;
        }
        _eq(token.totalSupply(), supply);
        _eq(locked, supply + inFlight);
        _eq(state.minted, minted);
        _eq(state.burned, released);
        _eq(uint256(state.minted) - state.burned, token.totalSupply());
        _true(state.minted <= state.maxCumLocked && state.maxCumLocked <= cumLocked);
        _true(supply <= state.ceiling);
        _true(state.mintAvailable <= state.mintCapacity && state.burnAvailable <= state.burnCapacity);
        _eq(bridge.burnNonce(), burns);
        _eq(bridge.burnAcc(), acc);
    }

    function _balances() private view returns (uint256[3] memory balances) {
        for (uint256 i = 0; i < 3; ++i) {
            balances[i] = token.balanceOf(holders[i]);
        }
    }
}

/// @title Whatever comes, in whatever order: what is here is what is locked there.
contract InvariantTest {
    struct Selectors {
        address addr;
        bytes4[] selectors;
    }

    GhostLedger private ghost;

    function setUp() external {
        ghost = new GhostLedger();
    }

    function targetSelectors() external view returns (Selectors[] memory targets) {
        targets = new Selectors[](1);
        targets[0].addr = address(ghost);
        bytes4[] memory selectors = new bytes4[](9);
        selectors[0] = GhostLedger.lock.selector;
        selectors[1] = GhostLedger.mint.selector;
        selectors[2] = GhostLedger.mint.selector;
        selectors[3] = GhostLedger.void.selector;
        selectors[4] = GhostLedger.burn.selector;
        selectors[5] = GhostLedger.transfer.selector;
        selectors[6] = GhostLedger.wait.selector;
        selectors[7] = GhostLedger.register.selector;
        selectors[8] = GhostLedger.rotate.selector;
        targets[0].selectors = selectors;
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(ghost);
    }

    function invariant_WhatIsHere_IsLockedThere() external view {
        ghost.check();
    }
}

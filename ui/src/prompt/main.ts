// The MFA popup.
import { mount } from 'svelte';
import '../lib/tokens.css';
import Prompt from './Prompt.svelte';

// Before anything is painted, so that a dark popup does not flash.
const theme = new URLSearchParams(window.location.search).get('theme');
if (theme) document.documentElement.dataset.theme = theme;
const target = document.getElementById('app');
if (target) mount(Prompt, { target });

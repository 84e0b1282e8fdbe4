// The main window.
import { mount } from 'svelte';
import './lib/tokens.css';
import { start } from './lib/navigation.svelte';
import Shell from './shell/Shell.svelte';

start(window.location.search);
// Before anything is painted, so that a dark window does not flash.
const theme = new URLSearchParams(window.location.search).get('theme');
if (theme) document.documentElement.dataset.theme = theme;
const target = document.getElementById('app');
if (target) mount(Shell, { target });
